import { serverVersion } from '../../version.ts';
import { openApiDocument } from './document.ts';

/** docs/openapi.json. Called by scripts/docs.ts, which writes it and lets CI compare. */
export const openApiDocs = (): string => `${JSON.stringify(openApiDocument(serverVersion), null, 2)}\n`;
