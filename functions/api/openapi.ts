import { httpHandler } from '../runtime/http.ts';
import { openApiDocument } from './openapi-document.ts';
import { routes } from './routes.ts';

export const handler = httpHandler(routes, { openApi: async () => ({ status: 200, body: openApiDocument(routes) }) });
