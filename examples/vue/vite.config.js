import { defineConfig } from "vite";
import vue from "@vitejs/plugin-vue";

// `cargo xtask demo` runs the host whose backend gives out tokens, and knows this origin.
export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "pair-link" } } })],
  server: {
    host: "127.0.0.1",
    port: 8410,
    strictPort: true,
    proxy: { "/api/pairlink-token": "http://127.0.0.1:8400" },
  },
  // The package finds its engine beside itself.
  optimizeDeps: { exclude: ["pairlink"] },
});
