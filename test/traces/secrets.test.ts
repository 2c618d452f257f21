import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { testId } from '../playing-households.ts';
import { Secrets } from './secrets.ts';

const idNumber = testId(3, '19630211');
const name = '欧阳试验';
const secrets = new Secrets();
secrets.add(idNumber, 'idNumber');
secrets.add('13800138000', 'phone');
secrets.add('6217000000000000123', 'account');
secrets.add(name, 'name');

const line = `{"message":"${name} ${idNumber}, 13800138000"}`;
const escaped = line.replace(/\p{Script=Han}/gu, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
const all = new Set(['idNumber', 'phone', 'name']);

it.each([
  ['a line of a log', line],
  ['escapes of JSON', escaped],
  ['an address', `GET /v1/households?name=${encodeURIComponent(`${name},${idNumber},13800138000`)}`],
  ['a payload in base64', Buffer.from(line).toString('base64')],
  ['a token', `x.${Buffer.from(line).toString('base64url')}.y`],
])('finds a name and numbers in %s', (_, text) => {
  expect(secrets.in(text)).toEqual(all);
});

it('finds them inside longer words and numbers, and in bytes of any length', () => {
  expect(secrets.in(`户主${name}的家`)).toEqual(new Set(['name']));
  expect(secrets.in('00621700000000000012300')).toEqual(new Set(['account']));
  const far = Buffer.concat([Buffer.alloc(8_388_600, 0x61), Buffer.from(`…${name} 13800138000`)]);
  expect(secrets.inBytes(far)).toEqual(new Set(['name', 'phone']));
});

it('finds them where they are packed: gzip and workbooks', async () => {
  expect(secrets.inBytes(gzipSync(line))).toEqual(all);
  const workbook = await writeXlsxFile([[{ value: name }, { value: idNumber }, { value: '13800138000' }]]).toBuffer();
  expect(secrets.inBytes(workbook)).toEqual(all);
});

it('finds nothing in masks, ids and neighbours of numbers', () => {
  const near = `${idNumber.slice(0, 6)}********${idNumber.slice(-4)} 138****8000 13800138001 欧阳** person-0123456789abcdef`;
  expect(secrets.in(near)).toEqual(new Set());
});

it('knows that a village may be called like somebody', () => {
  const some = new Secrets();
  some.add('黄坡', 'name');
  some.add(name, 'name');
  some.removeThoseIn('{"name":"黄坡村"}');
  expect([...some.in('黄坡'), ...some.in(name)]).toEqual(['name']);
});
