import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

// `cargo xtask demo` runs the host whose backend gives out tokens, and knows this origin.
export default defineConfig({
  plugins: [react()],
  server: {
    host: "127.0.0.1",
    port: 8410,
    strictPort: true,
    proxy: { "/api/pairlink-token": "http://127.0.0.1:8400" },
  },
  // The package finds its engine beside itself.
  optimizeDeps: { exclude: ["pairlink"] },
});
