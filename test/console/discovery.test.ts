import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpointsOf } from '../../console/app/discovery.ts';

/** What the issuer says its name is; undefined: its own address. */
let claimed: string | undefined;
const server = createServer((_, response) =>
  response.end(
    JSON.stringify({
      issuer: claimed ?? address(),
      authorization_endpoint: `${address()}/authorize`,
      token_endpoint: `${address()}/token`,
    }),
  ),
);
const address = () => `http://127.0.0.1:${Object(server.address()).port}`;

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

it('believes metadata that name the issuer they were asked of', async () => {
  expect(await endpointsOf(address())).toMatchObject({ token_endpoint: `${address()}/token` });
});

it.each(['https://elsewhere.example', 'http://127.0.0.1', ''])('refuses those that name “%s”', async (name) => {
  claimed = name;
  await expect(endpointsOf(address())).rejects.toThrow(/issuer/);
});
