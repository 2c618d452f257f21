import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, slowest first: begun last, one of them would keep a single worker busy at the end. */
const SLOWEST = [
  'workflows/quarterly-screening/kill',
  'browser/console',
  'workflows/review-ladder/kill',
  'workflows/quarterly-screening/machine',
  'journeys/claims',
  'browser/forms',
  'infra/grants',
  'simulation/histories',
  'workflows/claim-settlement/kill',
  'field/random',
  'faults/killed-erasure',
  'fuzz/requests',
];

/** Starts those first on every machine, also on one that has never run the tests. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const found = SLOWEST.findIndex((name) => moduleId.includes(`/test/${name}.test.`));
      return found === -1 ? SLOWEST.length : found;
    };
    return others.toSorted((a, b) => place(a) - place(b));
  }
}
