import { expect, test } from 'vitest';
import { coverSentence } from '../../console/words/cover.ts';
import { illustrativeProduct } from '../../demo/claims/product.ts';
import { checkCover } from '../../functions/domain/insurance/cover.ts';

const facts = {
  policy: { from: '2023-01-01', to: '2023-12-31' },
  lines: illustrativeProduct.lines,
  line: 'illness' as const,
  eventOn: '2023-09-19',
  covers: [{ enrolledOn: '2023-01-01' }],
  deceasedOn: null,
};

/** No check stays a pair of codes and slashes, whatever was found. */
test('every check of a cover is told in a sentence of either language', () => {
  const told = (changes: object, language: 'zh' | 'en') =>
    checkCover({ ...facts, ...changes }).checks.map((check) => coverSentence(check, language));
  expect(told({}, 'zh')).toEqual([
    '责任：疾病医疗',
    '出险 2023-09-19，保险期间 2023-01-01 至 2023-12-31',
    '按证件号码核对参保名册',
    '出险 2023-09-19，无死亡登记',
    '出险 2023-09-19，2023-01-01 起参保',
    expect.stringMatching(/^出险 2023-09-19，2023-\d\d-\d\d 起承担责任$/),
  ]);
  const ended = [{ enrolledOn: '2023-01-01', removedOn: '2023-06-30' }];
  for (const changes of [{}, { covers: [] }, { covers: ended }, { deceasedOn: '2023-09-01' }, { lines: {} }]) {
    for (const language of ['zh', 'en'] as const) {
      for (const sentence of told(changes, language)) {
        expect(sentence).not.toMatch(/\/|null|undefined|illness/);
        if (language === 'en') expect(sentence).not.toMatch(/[\u4e00-\u9fff]/);
      }
    }
  }
  expect(told({ covers: ended }, 'en')).toContain('Event on 2023-09-19, enrolled from 2023-01-01 to 2023-06-30');
});
