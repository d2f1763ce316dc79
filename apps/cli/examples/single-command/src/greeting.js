export const greeting = (path) => `Hello from ${path}`
