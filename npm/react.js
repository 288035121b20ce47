// Types alone: React 19 renders custom elements by itself.
export {};
