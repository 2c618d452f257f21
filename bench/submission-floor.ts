import { districtOf } from '../functions/contracts/regions.ts';
import type { Visit } from '../functions/contracts/screening/visit.ts';
import { eachOf } from '../functions/domain/concurrency.ts';
import { acceptedEntry, acceptVisits } from '../functions/store/screening/progress.ts';
import { readSubmissionContext } from '../functions/store/screening/submissions.ts';
import { fromSubmitted, visitId } from '../functions/store/screening/visits.ts';
import { batchPut } from '../functions/store/table.ts';

interface Message {
  round: string;
  batches: { village: string; visits: Visit[] }[];
  phones: number;
  /** Also what a submission reads before it writes, and its fence afterwards: its three requests, without API, authorizer, function and rules around them. */
  whole: boolean;
}

/** The floor, in a process of its own: the same items by BatchWriteItem and nothing else, or the `whole` of a submission's requests. Making the items is not timed. */
process.on('message', ({ round, batches, phones, whole }: Message) => {
  void (async () => {
    const triage = { class: 'secure' as const, caseType: null, perCapita: 2_000_000, signals: [] };
    const made = batches.map(({ village, visits }) => {
      // Items of their own beside the submitted ones, so that all are new.
      const ids = visits.map((visit) => `${visitId(visit).slice(0, 20)}${whole ? 'wh' : 'bw'}`);
      return {
        village,
        households: visits.map(({ household }) => household),
        entries: visits.map((visit, n) => acceptedEntry(visit, ids[n] ?? '')),
        items: visits.map((visit, n) =>
          fromSubmitted({
            id: ids[n] ?? '',
            visit,
            triage,
            criteria: 'c-00000000be9c',
            submittedBy: 'village-worker',
            submittedAt: visit.recordedAt,
          }),
        ),
      };
    });
    const started = performance.now();
    await eachOf(made, phones, async ({ village, households, entries, items }) => {
      if (whole) await readSubmissionContext(districtOf(village), round, village, households);
      await batchPut(items);
      if (whole) await acceptVisits(round, village, entries);
    });
    process.send?.({ seconds: (performance.now() - started) / 1000 });
  })();
});
