import { commonWords } from './dictionary/common.ts';
import { insuranceWords } from './dictionary/insurance.ts';
import { officeWords } from './dictionary/office.ts';
import { workWords } from './dictionary/work.ts';

/** The console's own words: Chinese, then English. */
export const dictionary = { ...commonWords, ...workWords, ...insuranceWords, ...officeWords };
