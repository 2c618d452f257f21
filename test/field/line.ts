import { request as ask, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the line between phone and server does with a request; answers are lost of what writes; a stuck one carries nothing, and does not say so. */
export type Line = 'up' | 'cut' | 'answers-lost' | 'stuck';

/**
 * A phone's connection, as the proxy of its browser window: everything goes on to where it is addressed, unless the line is cut, or loses the answer
 * after the request was carried out. The service worker's requests go through it like the page's.
 */
export class PhoneLine {
  line: Line = 'up';
  /** A later version of the page is deployed: its service worker is another. */
  newVersion = false;
  /** The page is of yet another version than its service worker: a release is under way. */
  mixed = false;
  /** Requests that were carried out, as `METHOD /path`. */
  readonly carried: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<PhoneLine> {
    const server = createServer((incoming, outgoing) => {
      if (phone.line === 'cut') return void incoming.socket.destroy();
      if (phone.line === 'stuck') return void incoming.resume();
      // A proxy is asked by the whole address.
      const { hostname, port, pathname, search } = new URL(incoming.url ?? '');
      const headers = phone.newVersion ? { ...incoming.headers, 'accept-encoding': 'identity' } : incoming.headers;
      const loses = phone.line === 'answers-lost' && pathname.startsWith('/v1/') && incoming.method !== 'GET';
      const onward = ask({ hostname, port, method: incoming.method, path: pathname + search, headers }, (answer) => {
        phone.carried.push(`${incoming.method} ${pathname}`);
        if (loses || phone.line === 'cut') {
          answer.resume();
          answer.on('end', () => incoming.socket.destroy());
          return;
        }
        if (phone.newVersion && pathname === '/field/worker.js')
          return void rewritten(answer, outgoing, /"version":"\w+"/, '"version":"anewversion1"');
        if (phone.mixed && pathname === '/field/index.html')
          return void rewritten(answer, outgoing, /assets\/index-/g, 'assets/other-');
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => incoming.socket.destroy());
      incoming.pipe(onward);
    });
    const phone = new PhoneLine(server);
    server.on('connection', (socket) => {
      phone.#sockets.add(socket);
      socket.on('close', () => phone.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return phone;
  }

  get url(): string {
    const { port }: AddressInfo = Object(this.#server.address());
    return `http://127.0.0.1:${port}`;
  }

  /** Cuts the line at once: what is under way is lost too. */
  cut(): void {
    this.line = 'cut';
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

async function rewritten(answer: IncomingMessage, outgoing: ServerResponse, old: RegExp, by: string): Promise<void> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  const { 'content-length': _length, ...headers } = answer.headers;
  outgoing.writeHead(answer.statusCode ?? 502, headers);
  outgoing.end(text.replace(old, by));
}
