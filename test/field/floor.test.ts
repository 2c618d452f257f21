import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';

/* The oldest browser the phone's pages promise to run in (docs/field.md). What it lacks of the library is taken away in phone.ts. */
const FLOOR = ['chrome80', 'es2020'];
const scripts = globSync('dist/{field,public}/**/*.js');

describe('what is built for phones', () => {
  test('there is something to check', () => {
    expect(scripts.filter((file) => file.includes('/field/')).length).toBeGreaterThanOrEqual(2);
    expect(scripts.filter((file) => file.includes('/public/')).length).toBeGreaterThanOrEqual(4);
  });

  test.each(scripts)('%s: nothing in its syntax is newer than the floor', async (file) => {
    const code = readFileSync(file, 'utf8');
    const lowered = await transform(code, { target: FLOOR });
    const asItIs = await transform(code, { target: 'esnext' });
    expect(lowered.code === asItIs.code).toBe(true);
  });

  test('the check would see what is newer', async () => {
    for (const code of ['a ||= b', 'class A { #b() {} }', 'class A { b = 1 }', 'class A { static { a(); } }']) {
      const lowered = await transform(code, { target: FLOOR });
      expect([code, lowered.code === (await transform(code, { target: 'esnext' })).code]).toEqual([code, false]);
    }
  });

  test('no style asks for what the floor does not have', () => {
    for (const file of globSync('dist/{field,public}/**/*.css')) {
      const css = readFileSync(file, 'utf8');
      expect(css).not.toMatch(
        /[;{](gap|row-gap|column-gap|inset|aspect-ratio|accent-color):|:(is|where|has|focus-visible)\b|\d(dvh|svh|lvh)/,
      );
    }
  });

  test('the field page is at most 100 KB of compressed script, a public page at most 40', () => {
    const size = (files: readonly string[]) =>
      files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
    expect(size(scripts.filter((file) => file.includes('/field/')))).toBeLessThan(100 * 1024);
    expect(size(scripts.filter((file) => file.includes('/public/')))).toBeLessThan(40 * 1024);
  });

  test('nothing in them makes code from text', () => {
    for (const file of scripts) expect(readFileSync(file, 'utf8')).not.toMatch(/\beval\(|[^.\w]document\.write/);
  });
});
