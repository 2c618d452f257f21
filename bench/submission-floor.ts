import type { Visit } from '../functions/contracts/screening/visit.ts';
import { eachOf } from '../functions/domain/concurrency.ts';
import { fromSubmitted, visitId } from '../functions/store/screening/visits.ts';
import { batchPut } from '../functions/store/table.ts';

/** The floor, in a process of its own: the same items by BatchWriteItem and nothing else. Making the items is not timed. */
process.on('message', (message: { batches: { village: string; visits: Visit[] }[]; phones: number }) => {
  void (async () => {
    const triage = { class: 'secure' as const, caseType: null, perCapita: 2_000_000, signals: [] };
    const items = message.batches.map(({ visits }) =>
      visits.map((visit) =>
        // An item of its own beside the submitted one, so that both are new.
        fromSubmitted({
          id: `${visitId(visit).slice(0, 20)}bw`,
          visit,
          triage,
          criteria: 'c-00000000be9c',
          submittedBy: 'village-worker',
          submittedAt: visit.recordedAt,
        }),
      ),
    );
    const started = performance.now();
    await eachOf(items, message.phones, (batch) => batchPut(batch));
    process.send?.({ seconds: (performance.now() - started) / 1000 });
  })();
});
