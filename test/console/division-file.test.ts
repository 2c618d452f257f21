import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDivisionFile } from '../../console/screens/administration/division-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
/** 区 in GB 18030 is no UTF-8. */
const GB = new Uint8Array([...bytes('440904000000,'), 0xc7, 0xf8, ...bytes('\n440904001000,A\n440904001001,B\n')]);

const small = {
  district: { code: '440904', name: '电白区' },
  towns: [{ code: '440904001', name: '南海街道', villages: [{ code: '440904001001', name: '霞里社区居委会' }] }],
};

describe('a file of divisions', () => {
  it('is what the API takes', () => {
    const shipped = readFileSync('demo/district/divisions-440904.json');
    expect(readDivisionFile(shipped)).toEqual({ divisions: JSON.parse(shipped.toString()) });
  });

  it.each([
    ['with full codes', '﻿代码,名称\r\n440904000000,电白区\r\n440904001000,南海街道\r\n440904001001,霞里社区居委会\r\n'],
    ['with short codes', '440904\t电白区\n440904001\t南海街道\n440904001001\t霞里社区居委会'],
    ['with quotes', '"440904","电白区"\n"440904001000","南海街道"\n"440904001001","霞里社区居委会"\n\n'],
  ])('is the published table, %s', (_, text) => {
    expect(readDivisionFile(bytes(text))).toEqual({ divisions: small });
  });

  it('is read as Excel writes it in China', () => {
    expect(readDivisionFile(GB)).toMatchObject({ divisions: { district: { name: '区' } } });
  });

  it.each([
    ['a code that a spreadsheet has rounded', '440904000000,电白区\n4.40904E+11,南海街道', 2],
    ['a village before its town', '440904000000,电白区\n440904001001,霞里社区居委会\n440904001000,南海街道', 2],
    ['a town twice', '440904000000,电白区\n440904001000,南海街道\n440904001001,霞里\n440904001000,南海街道', 4],
    ['two districts', '440904000000,电白区\n440902000000,茂南区', 2],
    ['no name', '440904000000,电白区\n440904001000,', 2],
    ['no district', '440904001000,南海街道\n', 0],
    ['broken JSON', '{"district":', 0],
    ['other JSON', '{"towns":[]}', 0],
    ['nothing', '', 0],
  ])('is not taken with %s, and the line is told', (_, text, line) => {
    const read = readDivisionFile(bytes(text));
    expect(read).toEqual({ line });
  });
});
