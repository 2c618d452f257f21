import type { Visit } from '../functions/contracts/screening/visit.ts';

interface Work {
  api: string;
  token: string;
  round: string;
  batches: { village: string; visits: Visit[] }[];
  phones: number;
}

/** The phones, in a process of their own as real ones are: send batches over HTTP, a few at once. Answers with each batch's milliseconds. */
process.on('message', (work: Work) => {
  void (async () => {
    const rest = [...work.batches];
    const took: number[] = [];
    const phone = async () => {
      for (let batch = rest.pop(); batch !== undefined; batch = rest.pop()) {
        const body = JSON.stringify(batch);
        const started = performance.now();
        const response = await fetch(`${work.api}/v1/rounds/${work.round}/visits`, {
          method: 'POST',
          headers: { authorization: `Bearer ${work.token}`, 'content-type': 'application/json' },
          body,
        });
        const answer = Object(await response.json());
        took.push(performance.now() - started);
        if (answer['accepted'] !== batch.visits.length) throw new Error(`A batch was answered ${response.status}.`);
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: work.phones }, phone));
    process.send?.({ seconds: (performance.now() - started) / 1000, took });
  })();
});
