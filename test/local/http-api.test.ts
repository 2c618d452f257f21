import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Throttle } from '../../local/http-api/throttle.ts';
import type { LocalStack } from '../../local/index.ts';
import { writeAssembly } from './fixture/assembly.ts';
import { start, token } from './fixture/stack.ts';

let stack: LocalStack;
let authorization: string;
beforeAll(async () => {
  stack = await start();
  authorization = `Bearer ${await token(stack)}`;
});
afterAll(() => stack.close());
const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(stack.endpoints.api + path, init);

describe('a route', () => {
  test('with an authorizer answers whom the issuer knows', async () => {
    const put = await ask('/notes/a%20b', {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: '{"text":"hi"}',
    });
    expect([put.status, await put.json()]).toEqual([201, { id: 'a b' }]);
    expect(put.headers.get('set-cookie')).toBe('a=1');
    const got = await ask('/notes/a%20b', { headers: { authorization } });
    expect(await got.json()).toEqual({ text: 'hi' });
  });

  test('with an authorizer answers nobody else', async () => {
    const response = await ask('/notes/a');
    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
    const forged = await ask('/notes/a', { headers: { authorization: `${authorization}x` } });
    expect(forged.status).toBe(401);
  });

  test('takes a token until it ends by the stack’s clock', async () => {
    const old = `Bearer ${await token(stack)}`;
    expect((await ask('/notes/a', { headers: { authorization: old } })).status).toBe(200);
    await stack.clock.advance(stack.clock.now() + 12 * 3_600_000);
    expect((await ask('/notes/a', { headers: { authorization: old } })).status).toBe(401);
    authorization = `Bearer ${await token(stack)}`;
  });

  test('takes tokens of a new key at once', async () => {
    await fetch(`${stack.endpoints.issuer}/rotate`, { method: 'POST' });
    expect((await ask('/notes/a', { headers: { authorization } })).status).toBe(200);
    // The authorizer may ask for unknown keys once a second.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await ask('/notes/a', { headers: { authorization: `Bearer ${await token(stack)}` } })).status).toBe(200);
  });

  test('gives the function the event of format 2.0', async () => {
    const response = await ask('/notes:import?a=1&b=x%20y&a=2', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', cookie: 'k=1; l=2', 'X-Mixed': 'One' },
      body: Buffer.from([0, 255]),
    });
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'POST /notes:import',
      rawPath: '/notes:import',
      rawQueryString: 'a=1&b=x%20y&a=2',
      queryStringParameters: { a: '1,2', b: 'x y' },
      cookies: ['k=1', 'l=2'],
      headers: { 'x-mixed': 'One', 'content-type': 'application/octet-stream', 'x-forwarded-proto': 'http' },
      body: 'AP8=',
      isBase64Encoded: true,
      requestContext: {
        stage: '$default',
        timeEpoch: stack.clock.now(),
        time: '30/Sep/2023:12:00:00 +0000',
        http: { method: 'POST', path: '/notes:import', sourceIp: '127.0.0.1' },
      },
    });
  });

  test('answers what a function gives without a status as JSON', async () => {
    const response = await ask('/plain');
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      200,
      'application/json',
      { hello: 'inferred' },
    ]);
  });

  test('answers the bytes that a function gives in base64', async () => {
    const response = await ask('/plain?bytes=AP8Q');
    expect([response.headers.get('content-type'), [...new Uint8Array(await response.arrayBuffer())]]).toEqual([
      'image/png',
      [0, 255, 16],
    ]);
  });

  test('answers 500 for a function that fails, 404 where there is none, 429 when throttled', async () => {
    const failed = await ask('/fail');
    expect([failed.status, await failed.json()]).toEqual([500, { message: 'Internal Server Error' }]);
    const unknown = await ask('/unknown');
    expect([unknown.status, await unknown.json()]).toEqual([404, { message: 'Not Found' }]);
    expect((await ask('/notes:import', { method: 'PUT' })).status).toBe(404);
    expect((await ask('/slow')).status).toBe(200);
    const throttled = await ask('/slow');
    expect([throttled.status, await throttled.json()]).toEqual([429, { message: 'Too Many Requests' }]);
  });

  test('takes no larger body than the real one', async () => {
    for (const size of [10 * 1024 * 1024 + 1, 7 * 1024 * 1024]) {
      const response = await ask('/notes:import', {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(size),
      });
      expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    }
  });

  test('tells browsers of the allowed origin only', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: { origin: 'https://example.org', 'access-control-request-method': 'GET' },
    };
    const allowed = await ask('/plain', preflight);
    expect([
      allowed.status,
      allowed.headers.get('access-control-allow-origin'),
      allowed.headers.get('access-control-allow-methods'),
      allowed.headers.get('access-control-max-age'),
    ]).toEqual([204, 'https://example.org', 'GET', '60']);
    expect(allowed.headers.get('access-control-allow-headers')).toBe('authorization');
    const other = await ask('/plain', { headers: { origin: 'https://example.com' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const refused = await ask('/plain', {
      ...preflight,
      headers: { ...preflight.headers, origin: 'https://example.org.evil' },
    });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([204, null]);
    // What the function says to browsers itself is not passed on.
    expect(
      (await ask('/notes:import', { method: 'POST', headers: { origin: 'https://example.com' } })).headers.get(
        'access-control-allow-origin',
      ),
    ).toBeNull();
    const answered = await ask('/plain', { headers: { origin: 'https://example.org' } });
    expect([answered.headers.get('access-control-allow-origin'), answered.headers.get('vary')]).toEqual([
      'https://example.org',
      'origin',
    ]);
  });
});

test('a route’s own limit of calls wins over that of the stage, and each route has its own', async () => {
  const limited = await start({
    assembly: writeAssembly(({ Resources }) => {
      Object.assign(Resources['Stage']?.Properties ?? {}, {
        DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 },
        RouteSettings: { 'GET /slow': { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 } },
      });
    }),
  });
  try {
    const statuses = async (path: string): Promise<number[]> => {
      const all: number[] = [];
      for (let call = 0; call < 3; call += 1) all.push((await fetch(limited.endpoints.api + path)).status);
      return all;
    };
    expect(await statuses('/slow')).toEqual([200, 429, 429]);
    expect(await statuses('/plain')).toEqual([200, 200, 429]);
  } finally {
    await limited.close();
  }
});

test('a throttle fills again by its rate, up to its burst', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  try {
    const throttle = new Throttle(2, 3);
    const take = (count: number): boolean[] => Array.from({ length: count }, () => throttle.take());
    expect(take(4)).toEqual([true, true, true, false]);
    now.mockReturnValue(500);
    expect(take(2)).toEqual([true, false]);
    now.mockReturnValue(60_000);
    expect(take(4)).toEqual([true, true, true, false]);
  } finally {
    now.mockRestore();
  }
});

describe('an API', () => {
  test('whose function lets nobody invoke it answers 500, as on AWS', async () => {
    const closed = await start({ assembly: writeAssembly(({ Resources }) => delete Resources['Permission']) });
    try {
      expect((await fetch(`${closed.endpoints.api}/plain`)).status).toBe(500);
    } finally {
      await closed.close();
    }
  });

  test('whose integration is slow answers 503', async () => {
    const impatient = await start({
      assembly: writeAssembly(({ Resources }) => {
        Object.assign(Resources['Integration']?.Properties ?? {}, { TimeoutInMillis: 50 });
      }),
    });
    try {
      impatient.gateway.faults.add({ principal: 'apigateway', kind: 'delay', milliseconds: 300 });
      const response = await fetch(`${impatient.endpoints.api}/plain`);
      expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
    } finally {
      await impatient.close();
    }
  });
});
