import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { riskCode } from '../../../functions/contracts/cases/case.ts';
import { notice, objection, objectionRequest } from '../../../functions/contracts/cases/notice.ts';
import { caseType } from '../../../functions/contracts/screening/triage.ts';
import { caseTypeNames, riskNames } from '../../../functions/domain/cases/case-labels.ts';
import { noticePeriod } from '../../../functions/domain/cases/clocks.ts';
import {
  maskedName,
  type NoticeFacts,
  NoticeHoldsPersonalData,
  noticeFaults,
  publicNotice,
} from '../../../functions/domain/cases/notice.ts';
import { noticeFaultSentence } from '../../../functions/domain/cases/sentences.ts';
import { checkDigit } from '../../../functions/domain/registry/id-number.ts';

const facts: NoticeFacts = {
  procedure: 'admission',
  town: '黄岭镇',
  village: '三角圩村',
  head: '测试甲',
  caseType: 'sudden-hardship',
  people: 4,
  period: noticePeriod(Date.parse('2023-10-11T09:00:00+08:00'), 5),
};

describe('the text of a public notice', () => {
  it('tells village, masked head, size, decision, type and dates', () => {
    expect(publicNotice(facts, ['测试乙'])).toBe(
      '公示：经入户核实、数据比对和村级评议，拟将黄岭镇三角圩村测**户（家庭人口4人）纳入防止返贫监测对象，类别为突发严重困难户。本公示于2023年10月11日发布，公示期自2023年10月12日至2023年10月16日。如有异议，请在公示期内向村民委员会或镇人民政府提出，也可在线提出。',
    );
    expect(publicNotice({ ...facts, procedure: 'closure' }, [])).toMatch(/标注为风险消除/);
  });

  it('is refused when a place or head smuggles something in', () => {
    expect(() => publicNotice({ ...facts, village: '三角圩村', head: '测13812345678' }, ['纳入'])).toThrow(
      NoticeHoldsPersonalData,
    );
    expect(() => publicNotice(facts, ['村民委'])).toThrow(expect.objectContaining({ faults: ['full-name'] }));
    // A member may be called as the town is.
    expect(publicNotice(facts, ['黄岭'])).toContain('黄岭镇');
  });

  it.each([
    ['测试', '测*'],
    ['测', '测*'],
    ['测试甲', '测**'],
    ['欧阳测试', '欧阳**'],
    ['欧阳', '欧*'],
    ['阿 测·试甲', '阿***'],
  ])('%s is shown as %s', (full, masked) => {
    expect(maskedName(full)).toBe(masked);
  });

  it('never holds a full name or fault, whoever lives in the household', () => {
    const han = fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code));
    const names = fc.array(
      fc.array(han, { minLength: 2, maxLength: 4 }).map((letters) => letters.join('')),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(
        names,
        fc.constantFrom(...caseType.options),
        fc.constantFrom('admission' as const, 'closure' as const),
        fc.integer({ min: 1, max: 30 }),
        (members, type, procedure, people) => {
          const head = members[0] ?? '';
          try {
            const text = publicNotice({ ...facts, head, caseType: type, procedure, people }, members);
            for (const name of members) expect(text).not.toContain(name);
          } catch (error) {
            // A family name such as 病 or a name such as 公示: refused rather than told.
            expect(error).toBeInstanceOf(NoticeHoldsPersonalData);
          }
        },
      ),
    );
  });
});

const id = (n: number) => {
  const seventeen = `44090419800615${String(n).padStart(3, '0')}`;
  return seventeen + checkDigit(seventeen);
};

describe('what a notice may not hold', () => {
  const found = (text: string) => noticeFaults(text, { names: ['测试甲', '欧阳测'] });
  it.each([
    ['id-number', `身份证${id(1)}`],
    ['id-number', '440904 1980 0615 0011'],
    ['id-number', '４４０９０４１９８００６１５００１１'],
    ['id-number', '440904********0011'],
    ['id-number', '440904800615001'],
    ['phone', '电话13812345678'],
    ['phone', '138-1234-5678'],
    ['phone', '138****5678'],
    ['phone', '一三八一二三四五六七八'],
    ['phone', '0668-1234567'],
    ['account', '账号6222021234567890123'],
    ['health', '患大病'],
    ['health', '二级残疾'],
    ['health', '住 院'],
    ['risk', '因灾受损'],
    ['risk', '家庭收入低'],
    ['risk', 'industry-failure'],
    ['full-name', '户主测试甲'],
    ['full-name', '户主测 试\u200b甲'],
    ['full-name', '欧阳·测'],
  ])('%s: %s', (fault, text) => {
    expect(found(`公示：${text}。`)).toEqual([fault]);
    expect(noticeFaultSentence(found(text)[0] ?? 'risk')).toMatch(/。$/);
  });

  it('dates, sizes and masked names are none of it', () => {
    expect(found('2023年10月12日至2023年10月16日，测**户，4人，突发严重困难户，风险消除')).toEqual([]);
    for (const name of Object.values(caseTypeNames)) expect(found(name)).toEqual([]);
  });

  it('any ID number, phone or account is found, however it is broken up; every risk by its name or code', () => {
    const gap = fc.constantFrom('', ' ', '-', '\u3000', '\u200b');
    const numbers = fc.oneof(
      fc.nat(999).map(id),
      fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String),
      fc.stringMatching(/^\d{12,19}$/),
    );
    fc.assert(
      fc.property(numbers, fc.array(gap, { minLength: 20, maxLength: 20 }), (number, gaps) => {
        const broken = [...number].map((digit, place) => digit + (gaps[place] ?? '')).join('');
        expect(found(`公示：某户${broken}，请知悉。`).length).toBeGreaterThan(0);
      }),
    );
    for (const code of riskCode.options)
      if (code !== 'other')
        for (const word of [code, riskNames[code]]) expect(found(`某户${word}纳入`)).not.toEqual([]);
  });
});

describe('notices and objections as they are kept', () => {
  it('hold what anybody may read, and nothing of the case', () => {
    const shown = {
      id: 'notice-0000000000000001',
      village: '440904001001',
      procedure: 'admission',
      text: publicNotice(facts, []),
      publishedOn: facts.period.publishedOn,
      lastDay: facts.period.lastDay,
    };
    expect(notice.parse(shown)).toEqual(shown);
    expect(notice.safeParse({ ...shown, case: 'case-0000000000000001' }).success).toBe(false);
    const lodged = {
      id: 'objection-0000000000000001',
      notice: shown.id,
      lodgedAt: '2023-10-12T10:00:00+08:00',
      text: '家中有两辆车',
    };
    expect(objection.parse(lodged)).toEqual(lodged);
    expect(objectionRequest.safeParse({ text: '不' }).success).toBe(false);
  });
});
