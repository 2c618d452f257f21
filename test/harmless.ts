/** All six guarantees hold. */
export const SAFE = {
  food: true,
  clothing: true,
  compulsoryEducation: true,
  basicMedicalInsurance: true,
  housing: true,
  drinkingWater: true,
};

/** What a family tells with whom nothing is wrong: 20,000 yuan of wages. Known to tests of rules and of whole stacks alike, and loads neither. */
export const HARMLESS = {
  income: { wages: 2_000_000, business: 0, property: 0, transfer: 0, businessCosts: 0 },
  insurancePayouts: 0,
  selfPaid: { medical: 0, education: 0, other: 0 },
  guarantees: SAFE,
  shocks: [],
};
