import type { LocalStack } from '../local/index.ts';
import { type Bench, type Figure, figure, median } from './measure.ts';
import { benchStack } from './stack.ts';

const NOW = '2033-12-20T10:00:00+08:00';
const TIMES = 5;
/** What a day brings, noted since the newest summary. */
const CHANGES = 100;

/**
 * The district's brief over HTTP after one, five and ten years, beside a reading of everything that ever happened; ten times the households with
 * `--households 103690`, after one year.
 */
export const briefsBench: Bench = {
  about: '简报：一年、五年、十年之后全区简报的用时与读取单位，与逐条重算并列（--households 103690 为十倍户数）',
  async run({ households }) {
    const { stack, stop } = await benchStack(NOW);
    try {
      process.env['DISTRICT'] = '440904';
      // Imported only now: the store's client takes its settings from the environment when it is made.
      const { loadRegister, loadYear, NEWEST } = await import('./briefs-load.ts');
      const times = Math.max(1, Math.round(households / 10_369));
      const { divisions, homes } = await loadRegister(times);
      const figures: Figure[] = [];
      const units: number[] = [];
      let loaded = 0;
      for (const years of times === 1 ? [1, 5, 10] : [1]) {
        for (; loaded < years; loaded += 1) await loadYear(NEWEST - loaded, homes);
        const whole = await sumUp(divisions);
        await aDay(homes);
        const { seconds, spread, read } = await measured(stack);
        units.push(read);
        console.log(
          `${years} 年：简报 ${seconds.toFixed(3)} 秒（${spread}），${Math.round(read)} 读取单位；逐条重算 ${whole.toFixed(2)} 秒`,
        );
        figures.push(figure(`briefs.years${years}.seconds`, seconds, '秒', { most: times === 1 ? 0.5 : 1.5 }, spread));
        figures.push(figure(`briefs.years${years}.timesFaster`, whole / seconds, '×', { least: 1 }));
      }
      figures.push(figure('roster.reconciliation.seconds', await reconciled(stack), '秒', { most: 29 }));
      const [first = 0] = units;
      if (units.length > 1)
        figures.push(figure('briefs.readUnitsTenYearsToOne', (units.at(-1) ?? 0) / first, '×', { most: 1.1 }));
      return figures;
    } finally {
      await stop();
    }
  },
};

/** Reads everything that ever happened and leaves summaries of it, as sealing the year's last round has just done. @returns the seconds of the reading */
async function sumUp(divisions: import('../functions/contracts/regions.ts').Divisions): Promise<number> {
  const { countFromEvents } = await import('../functions/store/reports/count-events.ts');
  const { questionOf } = await import('../functions/store/reports/question.ts');
  const { putSummaries } = await import('../functions/store/reports/summaries.ts');
  const knownAt = new Date(Date.parse(NOW) - 1_800_000).toISOString();
  const question = await questionOf({ region: '440904', asOf: NOW.slice(0, 10), knownAt }, divisions);
  const started = performance.now();
  const counted = await countFromEvents(question);
  const seconds = (performance.now() - started) / 1000;
  await putSummaries(question, counted);
  return seconds;
}

/** A day's changes, noted since: households that are read again with their whole histories. */
async function aDay(homes: ReadonlyMap<string, readonly { id: string }[]>): Promise<void> {
  const { announce } = await import('../functions/store/reports/changes.ts');
  const some = [...homes.values()].flatMap(([home]) => home ?? []).slice(0, CHANGES);
  const at = new Date(Date.parse(NOW) - 600_000).toISOString();
  for (const { id } of some)
    await announce('440904', at, [{ kind: 'household', id, places: [id.slice(0, 12)], from: '2033-06-01' }]);
}

/** The newest roster held against the register of the whole district, over HTTP: the API waits 29 seconds. */
async function reconciled(stack: LocalStack): Promise<number> {
  const headers = await signedIn(stack);
  const { items } = Object(await (await fetch(`${stack.endpoints.api}/v1/policies`, { headers })).json());
  const newest: string = items.find(({ year }: { year: number }) => year === 2033).id;
  const started = performance.now();
  const answer = await fetch(`${stack.endpoints.api}/v1/policies/${newest}/reconciliation`, { headers });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`The reconciliation answered ${answer.status} ${text}`);
  console.log(`核对：${text}`);
  return (performance.now() - started) / 1000;
}

async function signedIn(stack: LocalStack): Promise<{ authorization: string }> {
  const form = new URLSearchParams({ account: 'district-officer' });
  const token = await fetch(`${stack.endpoints.issuer}/token`, { method: 'POST', body: form });
  const { access_token: bearer }: { access_token: string } = Object(await token.json());
  return { authorization: `Bearer ${bearer}` };
}

async function measured(stack: LocalStack): Promise<{ seconds: number; spread: string; read: number }> {
  const headers = await signedIn(stack);
  const ask = async () => {
    const started = performance.now();
    const answer = await fetch(`${stack.endpoints.api}/v1/reports/brief?region=440904`, { headers });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`The brief answered ${answer.status} ${text}`);
    return (performance.now() - started) / 1000;
  };
  await ask();
  stack.gateway.meter.reset();
  const times: number[] = [];
  for (let n = 0; n < TIMES; n += 1) times.push(await ask());
  const calls = stack.gateway.meter.snapshot().calls.filter(({ principal }) => principal.endsWith('-reports'));
  const read = calls.reduce((sum, { readUnits }) => sum + readUnits, 0) / TIMES;
  return {
    seconds: median(times),
    spread: `${Math.min(...times).toFixed(2)}–${Math.max(...times).toFixed(2)}`,
    read,
  };
}
