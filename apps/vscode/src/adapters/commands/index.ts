export { registerCommands } from './register-commands.ts'
