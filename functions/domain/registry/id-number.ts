import { plainNumber } from '../../contracts/plain-number.ts';

/** GB 11643-1999: weights of the first 17 digits and, by remainder, the check digit (ISO 7064 MOD 11-2). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS = '10X98765432';

export type IdNumberFault = 'fifteen-digits' | 'shape' | 'birth-date' | 'check-digit';

/** What a person reads about each fault. The number itself is never repeated. */
export const idNumberFaults: Record<IdNumberFault, string> = {
  'fifteen-digits': '15 位身份证号码已停用，请填写 18 位号码。',
  shape: '身份证号码须为 18 位：前 17 位为数字，末位为数字或 X。',
  'birth-date': '身份证号码中的出生日期不存在或晚于今天。',
  'check-digit': '身份证号码校验位不符，请核对是否录错。',
};

/** Strips what spreadsheets, keyboards and pastes add: full width, spaces and tabs, marks that nobody sees, a leading "G"; x becomes X. */
export function cleanIdNumber(raw: string): string {
  return plainNumber(raw).toUpperCase().replace(/^'?G?/, '');
}

/** The check digit that belongs to the first 17 digits. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let place = 0; place < 17; place += 1) sum += Number(digits[place]) * (WEIGHTS[place] ?? 0);
  return CHECK_DIGITS[sum % 11] ?? '';
}

/**
 * What is wrong with a cleaned ID number, or undefined when it holds (GB 11643). No region prefix is required: spouses come
 * from elsewhere.
 * @param today in Asia/Shanghai; nobody is born later
 */
export function idNumberFault(id: string, today: string): IdNumberFault | undefined {
  if (/^\d{15}$/.test(id)) return 'fifteen-digits';
  if (!/^\d{17}[\dX]$/.test(id)) return 'shape';
  const born = bornOn(id);
  const date = new Date(`${born}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== born || born < '1900-01-01' || born > today)
    return 'birth-date';
  return checkDigit(id) === id[17] ? undefined : 'check-digit';
}

export function bornOn(id: string): string {
  return `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
}

/** The 17th digit is odd for men. */
export function sexOf(id: string): 'male' | 'female' {
  return Number(id[16]) % 2 === 1 ? 'male' : 'female';
}
