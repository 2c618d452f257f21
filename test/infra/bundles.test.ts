import { readdirSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';

/** 430 KiB: what a cold start can read beside the SDK's client. One wrong import of zod alone adds 250 KB. */
const LARGEST = 430 * 1024;

it('no function’s bundle is larger than 430 KiB', () => {
  const sizes = readdirSync('dist').flatMap((name) => {
    const file = `dist/${name}/index.mjs`;
    const bytes = statSync(file, { throwIfNoEntry: false })?.size;
    return bytes === undefined ? [] : [{ name, bytes }];
  });
  expect(sizes.length).toBeGreaterThan(30);
  expect(sizes.filter(({ bytes }) => bytes > LARGEST)).toEqual([]);
});
