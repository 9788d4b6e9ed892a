import type { ConfigFile } from './schema.ts';

/** Gives a configuration file its type: `export default defineConfig({ https: { port: 8443 } })`. */
export const defineConfig = (config: ConfigFile): ConfigFile => config;
