import { defineConfig } from "vite";

// `cargo xtask demo` runs the host whose backend gives out tokens, and knows this origin.
export default defineConfig({
  server: {
    host: "127.0.0.1",
    port: 8410,
    strictPort: true,
    proxy: { "/api/pairlink-token": "http://127.0.0.1:8400" },
  },
  // The package finds its engine beside itself.
  optimizeDeps: { exclude: ["pairlink"] },
});
