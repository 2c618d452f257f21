import type { QualitySeverity } from '../../../contracts/reports/quality-rule.ts';
import { idNumberFaults } from '../../registry/id-number.ts';
import type { Look } from './difference.ts';
import type { About, OfferedNumber } from './quality-facts.ts';
import { looks, type Rule } from './rule.ts';

/** Found on import only: a malformed number is refused, so the register never holds one. */
export const numberRules: readonly Rule<OfferedNumber>[] = [
  {
    code: 'ID_NUMBER_MALFORMED',
    severity: severityOfNumber,
    name: '身份证号码有误',
    explanation: '导入的身份证号码不符合 GB 11643，该行未登记；请核对证件后重新导入。',
    observe: ({ fault, row }) => (fault === undefined ? [] : [{ fault, ...(row === undefined ? {} : { row }) }]),
    sentence: ({ fault, row }) => {
      const said = Object.entries(idNumberFaults).find(([name]) => name === fault)?.[1] ?? '身份证号码有误。';
      return row === undefined ? said : `第 ${Number(row) + 1} 行：${said}`;
    },
  },
];

/** A number that cannot be is serious, whatever is wrong with it. */
export function severityOfNumber(): QualitySeverity {
  return 'serious';
}

/** The ID numbers of rows that were offered, good or malformed. */
export function lookAtNumbers(numbers: readonly About<OfferedNumber>[]): Look[] {
  return looks(numberRules, numbers);
}
