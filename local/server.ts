import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StartError } from './errors.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The one server of the stack: it listens before anything else starts, and answers 503 until it is told how to answer. */
export class Front {
  readonly url: string;
  readonly #server: Server;
  #answer: Answer | undefined;
  #now: () => number = Date.now;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
    server.on('request', (request, response) => {
      // Under a virtual clock the SDK would otherwise see a skewed clock in the answers and "correct" its own.
      response.sendDate = false;
      response.setHeader('date', new Date(this.#now()).toUTCString());
      void this.#handle(request, response);
    });
  }

  /** @throws StartError when the port is taken */
  static listen(port: number): Promise<Front> {
    // Requests are small and many: idle connections are kept longer than a function rests between two calls.
    const server = createServer({ keepAliveTimeout: 60_000, noDelay: true });
    return new Promise((resolve, reject) => {
      server.once('error', (error) => {
        const taken = 'code' in error && error.code === 'EADDRINUSE';
        reject(
          new StartError(
            taken
              ? `Port ${port} is in use. Stop what uses it, or start with another port (0 takes any free one).`
              : `Cannot listen on port ${port}: ${error.message}`,
          ),
        );
      });
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        resolve(new Front(server, typeof address === 'object' && address !== null ? address.port : port));
      });
    });
  }

  serve(answer: Answer, now: () => number): void {
    this.#answer = answer;
    this.#now = now;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (this.#answer === undefined) sendJson(response, 503, { message: 'The stack is starting.' });
      // A web page elsewhere that has its own name lead to this machine shall not get in.
      else if (!LOOPBACK.test(request.headers.host ?? ''))
        sendJson(response, 421, { message: 'Ask for 127.0.0.1 or localhost.' });
      else await this.#answer(request, response);
    } catch (error) {
      if (!response.headersSent)
        sendJson(response, 500, { message: error instanceof Error ? error.message : String(error) });
      else response.destroy();
    }
  }
}

/** Names below `localhost` lead nowhere else either: the API's own is one. */
const LOOPBACK = /^(127\.0\.0\.1|([a-z0-9-]+\.)*localhost|\[::1\])(:\d+)?$/;

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** The body of a request; undefined when it is larger than `limit` bytes (the rest is thrown away unread). */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () =>
      resolve(size > limit ? undefined : chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on('error', reject);
    request.on('close', () => reject(new Error('The request was broken off.')));
  });
}
