import { expect, test } from 'vitest';
import { Router } from '../../local/http-api/router.ts';

const keys = [
  'GET /v1/households/{id}',
  'GET /v1/households/export',
  'POST /v1/households:import',
  'ANY /v1/households/{id}',
  'GET /v1/{proxy+}',
  'ANY /files/{path+}',
  'GET /v1/rounds/{id}/sheets/{village}',
  '$default',
];
const router = new Router(keys.map((key) => ({ key, target: key })));

test.each([
  ['GET', '/v1/households/7', 'GET /v1/households/{id}', { id: '7' }],
  ['GET', '/v1/households/export', 'GET /v1/households/export', {}],
  ['PATCH', '/v1/households/7', 'ANY /v1/households/{id}', { id: '7' }],
  ['POST', '/v1/households:import', 'POST /v1/households:import', {}],
  ['GET', '/v1/households', 'GET /v1/{proxy+}', { proxy: 'households' }],
  [
    'GET',
    '/v1/rounds/2023Q4/sheets/440904116001',
    'GET /v1/rounds/{id}/sheets/{village}',
    { id: '2023Q4', village: '440904116001' },
  ],
  ['PUT', '/files/a/b/c', 'ANY /files/{path+}', { path: 'a/b/c' }],
  ['POST', '/v1/unknown', '$default', {}],
])('%s %s goes to %s', (method, path, target, parameters) => {
  expect(router.match(method, path)).toEqual({ target, parameters });
});

test('without $default an unknown route has no match', () => {
  expect(new Router([{ key: 'GET /a/{b}', target: 1 }]).match('GET', '/a/')).toBeUndefined();
});
