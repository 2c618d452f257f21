import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import { faultRule } from './gateway/faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Issuer } from './identity/issuer.ts';
import { escaped } from './identity/page.ts';
import { readBody, sendJson } from './server.ts';

const advance = z.strictObject({ to: z.iso.datetime({ offset: true }) });
const SMALL = 1_048_576;

/** Answers below `/_local/`: clock, issuer, meter, events and faults. Time spent here is not work a virtual clock waits for. */
export async function answerLocal(
  parts: { clock: Clock; gateway: Gateway; issuer: Issuer; events: Events },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { clock, gateway, issuer, events } = parts;
  if (!isOwnOrigin(request)) return sendJson(response, 403, { message: 'Only pages of this stack may ask here.' });
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const path = url.pathname.replace(/^\/_local/, '');
  const body = await readBody(request, SMALL);
  if (body === undefined) return sendJson(response, 413, { message: 'The request is too large.' });
  if (path.startsWith('/issuer/')) {
    const reply = await issuer.answer({
      method: request.method ?? 'GET',
      path: path.slice('/issuer'.length),
      query: url.searchParams,
      form: new URLSearchParams(body.toString()),
    });
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
    return;
  }
  const now = (): { now: string; mode: string } => ({ now: new Date(clock.now()).toISOString(), mode: clock.mode });
  try {
    switch (`${request.method} ${path}`) {
      case 'GET /clock':
        return sendJson(response, 200, now());
      case 'POST /clock/advance':
        await clock.advance(Date.parse(advance.parse(json(body)).to));
        return sendJson(response, 200, now());
      case 'GET /meter':
        return sendJson(response, 200, { ...gateway.meter.snapshot(), price: gateway.meter.price() });
      case 'POST /meter/reset':
        gateway.meter.reset();
        return sendJson(response, 200, {});
      case 'GET /events':
        return sendJson(response, 200, { events: events.last });
      case 'POST /faults':
        gateway.faults.add(faultRule.parse(json(body)));
        return sendJson(response, 200, {});
      case 'DELETE /faults':
        gateway.faults.clear();
        return sendJson(response, 200, {});
      default:
        return sendJson(response, 404, { message: `There is no ${request.method} ${url.pathname}.` });
    }
  } catch (error) {
    if (error instanceof z.ZodError) return sendJson(response, 400, { message: z.prettifyError(error) });
    if (error instanceof RangeError || error instanceof SyntaxError)
      return sendJson(response, 400, { message: error.message });
    throw error;
  }
}

/** A page of another site in the same browser could otherwise turn the clock or take a token: browsers name the page's origin, other callers name none. */
function isOwnOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || origin === `http://${host}`;
}

function json(body: Buffer): unknown {
  return JSON.parse(body.toString());
}

/** Where everything answers, for a template without pages of its own. */
export function listAddresses(endpoints: Readonly<Record<string, unknown>>, response: ServerResponse): void {
  const rows = Object.entries(endpoints).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`<dt>${escaped(name)}</dt><dd><a href="${escaped(value)}">${escaped(value)}</a></dd>`]
      : [],
  );
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Local stack</title><h1>Local stack</h1><dl>${rows.join('')}</dl></html>`,
  );
}
