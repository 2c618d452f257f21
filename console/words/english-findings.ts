import type { QualityObserved } from '../../functions/contracts/reports/quality-finding.ts';
import type { QualityRule } from '../../functions/contracts/reports/quality-rule.ts';
import { type Limit, limitNames } from '../../functions/domain/limits.ts';
import { changeNames } from '../../functions/domain/registry/change-names.ts';
import { codes } from './codes.ts';
import { englishFaults } from './fault-words.ts';
import { yuan } from './signal-sentence.ts';
import { storyTitle } from './story.ts';

/** The sentence of one finding in English, made of what was observed as the rule makes its Chinese one; and why it is doubtful. */
export const englishFindings: Record<QualityRule, { sentence: (seen: QualityObserved) => string; why: string }> = {
  CLOSED_WITHIN_SIX_MONTHS: {
    sentence: ({ admittedOn, closedOn }) => `Admitted ${admittedOn} and closed ${closedOn}: less than six months.`,
    why: 'A case is closed after six months at the earliest; check the dates, or the method.',
  },
  INCOME_BELOW_LINE_AT_CLOSURE: {
    sentence: ({ perCapita, line }) =>
      `Income per head at closure was ${yuan(perCapita)}, below the line of ${yuan(line)}.`,
    why: 'Income at closure must not be below the line of its year; check it, or monitor again.',
  },
  ASSISTED_WITHOUT_DEVELOPMENT: {
    sentence: ({ completed }) =>
      `Closed with help: ${completed} measures completed, no development measure among them.`,
    why: 'A closure with help asks for a completed development measure; add it, or check the method.',
  },
  DROPOUT_OR_UNSAFE_HOUSING_AT_CLOSURE: {
    sentence: ({ compulsoryEducation, housing }) =>
      `Not secured at closure: ${[compulsoryEducation ? [] : ['compulsory education'], housing ? [] : ['housing']].flat().join(', ')}.`,
    why: 'Education and housing must be secured at closure; check, or monitor again.',
  },
  NO_MONITORING_CONTACT: {
    sentence: ({ closedOn }) => `Closed ${closedOn} without a monitoring contact.`,
    why: 'Somebody must be named who looks after the household once it is closed.',
  },
  MEASURES_MISSING: {
    sentence: ({ admittedOn, due }) => `Admitted ${admittedOn}; measures were due by ${due}, and there is none.`,
    why: 'Measures are recorded within a month of the admission.',
  },
  RISK_WITHOUT_MEASURE: {
    sentence: ({ risk }) => `The risk “${codes.risk[riskOf(risk)]?.[1] ?? risk}” has no matching measure.`,
    why: 'Illness, education and drinking water each ask for a measure of their own; add it, or say that the risk is gone.',
  },
  ILLNESS_WITHOUT_COST: {
    sentence: () => 'At risk from illness, but the newest visit has no self-paid medical cost.',
    why: 'Illness usually costs something; check the visit or the risk.',
  },
  LACK_OF_LABOUR_WITH_LABOUR: {
    sentence: ({ people, able }) => `At risk from lacking labour, but ${able} of ${people} can work.`,
    why: 'A family of four or more of whom half can work does not lack labour; check the risk or who can work.',
  },
  WHOLLY_UNABLE_NOT_FLAGGED: {
    sentence: ({ closedOn, people }) =>
      `None of ${people} can work, yet the case was closed ${closedOn} instead of staying under safeguard.`,
    why: 'A household in which nobody can work is not closed; it stays under safeguard.',
  },
  WAGES_TOO_SMALL: {
    sentence: ({ wages }) => `Wages of the whole year are ${yuan(wages)}.`,
    why: 'So little is mostly a mistaken unit: yuan instead of thousands.',
  },
  IN_SCHOOL_YET_WORKING: {
    sentence: ({ placedOn, wages }) =>
      placedOn === undefined
        ? `A member is in school and nobody else can work, yet there are wages of ${yuan(wages)}.`
        : `A member is in school, yet the ledger has them placed in work on ${placedOn}.`,
    why: 'Whoever is in school does not work; check which of the two holds.',
  },
  ALLOWANCE_WITHOUT_TRANSFERS: {
    sentence: ({ startedOn }) => `Minimum-living allowance since ${startedOn}, but the newest visit has no transfers.`,
    why: 'The allowance is a transfer; check whether it is paid, or was left out.',
  },
  ID_NUMBER_MALFORMED: {
    sentence: ({ fault, row }) => {
      const said = englishFaults[String(fault)] ?? 'The ID number is wrong.';
      return row === undefined ? said : `Row ${Number(row) + 1}: ${said}`;
    },
    why: 'The number cannot be a person’s; correct it by the identity card.',
  },
  DISABILITY_WITHOUT_CERTIFICATE: {
    sentence: ({ grade, certificate }) =>
      `A member is recorded with disability grade ${grade}, ${certificate === null ? 'without a certificate' : `the certificate says ${certificate}`}.`,
    why: 'A grade is what the certificate says; record the certificate, or correct the grade.',
  },
  INSURED_AFTER_DEATH: {
    sentence: ({ diedOn, enrolledOn }) =>
      `Died ${diedOn}, ${String(enrolledOn) > String(diedOn) ? `yet enrolled ${enrolledOn}` : 'and still on the roster'}.`,
    why: 'Somebody who has died is not insured; check the date, and have the insurer remove them.',
  },
  SAMPLE_DISAGREES: {
    sentence: ({ sealed, sample }) => `Sealed as ${classOf(sealed)}; the surveyor found ${classOf(sample)}.`,
    why: 'The surveyor came to another class than the sealed sheet; visit again and explain.',
  },
  HISTORY_CONTRADICTS: {
    sentence: ({ on, change }) => `${changeOf(change)} on ${on} contradicts the days of other changes.`,
    why: 'Dated changes must follow one another; correct the wrong day.',
  },
  CALENDAR_MISSING: {
    sentence: ({ year }) => `The holidays of ${year} are not known: clocks that run into it wait.`,
    why: 'Clocks of working days need the year’s holidays; a release brings them.',
  },
  LIMIT_NEAR: {
    sentence: ({ limit, percent, most }) =>
      `${grown(limit)}: ${percent} % or more of the ${most} that the system takes.`,
    why: 'Beyond the limit parts of the system become slow or fail; whoever runs it must enlarge or divide it before.',
  },
};

const grownNames: Readonly<Record<Limit, string>> = {
  householdsOfVillage: 'Households of this village',
  villages: 'Villages of the district',
  households: 'Households of the district',
  insured: 'People on the policy’s roster',
};

function grown(limit: unknown): string {
  return grownNames[limitNames.find((one) => one === limit) ?? 'households'];
}

function riskOf(risk: unknown): keyof typeof codes.risk {
  const [found] = Object.keys(codes.risk).filter((code): code is keyof typeof codes.risk => code === risk);
  return found ?? 'other';
}

function classOf(value: unknown): string {
  return Object.entries(codes.class).find(([name]) => name === value)?.[1][1] ?? String(value);
}

function changeOf(kind: unknown): string {
  const chinese = Object.entries(changeNames).find(([name]) => name === kind)?.[1];
  return chinese === undefined ? 'A change' : storyTitle(chinese, 'en');
}
