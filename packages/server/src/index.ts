export { openApp, type App, type AppParts } from './app.ts';
export { defineConfig } from './config/define.ts';
export { ConfigSchema, type Config, type ConfigFile } from './config/schema.ts';
export { openLog, type Log, type LogOptions } from './watch/log.ts';
