import { expect, it } from 'vitest';
import { typeOf, verdictOf } from '../../functions/store/documents.ts';

it.each([
  ['a photograph', [0xff, 0xd8, 0xff, 0xe1], 'image/jpeg'],
  ['a drawing', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 'image/png'],
  ['a document', [...Buffer.from('%PDF-1.7')], 'application/pdf'],
  ['a page', [...Buffer.from('<!doctype html>')], undefined],
  ['a program', [...Buffer.from('MZ')], undefined],
  ['the beginning of a drawing', [0x89, 0x50], undefined],
  ['nothing', [], undefined],
])('%s is known by its bytes', (_, bytes, type) => {
  expect(typeOf(new Uint8Array(bytes))).toBe(type);
});

const tagged = (value: string) =>
  `<Tagging><TagSet><Tag><Key>GuardDutyMalwareScanStatus</Key><Value>${value}</Value></Tag></TagSet></Tagging>`;

it.each([
  ['not yet scanned', '<Tagging><TagSet/></Tagging>', 'being-scanned'],
  ['clean', tagged('NO_THREATS_FOUND'), 'clean'],
  ['infected', tagged('THREATS_FOUND'), 'refused'],
  // Encrypted archives, files too large: what could not be scanned is not let in.
  ['not scannable', tagged('UNSUPPORTED'), 'refused'],
])('%s', (_, tagging, verdict) => {
  expect(verdictOf(tagging)).toBe(verdict);
});
