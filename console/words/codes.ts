import { assistanceCodes } from './codes/assistance.ts';
import { casesCodes } from './codes/cases.ts';
import { insuranceCodes } from './codes/insurance.ts';
import { registryCodes } from './codes/registry.ts';
import { screeningCodes } from './codes/screening.ts';

/** Words for the codes of the contracts, in both languages. */
export const codes = { ...registryCodes, ...screeningCodes, ...insuranceCodes, ...assistanceCodes, ...casesCodes };
