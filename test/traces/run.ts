import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiClient } from '../../demo/client.ts';
import { demoDivisions } from '../../demo/district/households.ts';
import { replayYear } from '../../demo/year/replay.ts';
import { startYear } from '../../demo/year/run.ts';
import { exportKind } from '../../functions/contracts/exchange/exchange-http.ts';
import type { BusEvent } from '../../local/events.ts';
import { listen, PLACES, tracesInEvents, tracesOf, tracesOnDisk } from './traces.ts';

const HELP = `Plays the whole demonstration year, writes every table of it as a file, and then looks for every ID number, phone, account and name that was sent: in the
table, in workflow histories, logs, events, objects and all other files of the machine, and for whole numbers in every answer. What stands anywhere but where
docs/privacy.md says ends it with status 1.

  npm run traces
`;

const OFFICER = { account: 'district-officer' };

interface Job {
  id: string;
  state: string;
}

/** Every table of the district as a job's file. */
async function exportAll(client: ApiClient): Promise<void> {
  for (const kind of exportKind.options) {
    const round = kind === 'visits' ? { round: '2023Q4' } : {};
    const { id } = await client.post<Job>('/v1/export-jobs', OFFICER, { kind, region: '440904', ...round });
    for (let state = ''; state !== 'done'; ) {
      ({ state } = await client.get<Job>(`/v1/export-jobs/${id}`, OFFICER));
      if (state === 'failed') throw new Error(`The export of ${kind} failed.`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function lookForTraces(): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'shouwang-traces-'));
  const heard = listen();
  try {
    const stack = await startYear(data, 0);
    const events: BusEvent[] = [];
    stack.events.subscribe((event) => events.push(event));
    const client = new ApiClient(stack.endpoints, () => stack.clock.now());
    await replayYear({ endpoints: stack.endpoints, clock: stack.clock, data: join(data, 'year') });
    await exportAll(client);
    heard.sent.removeThoseIn(JSON.stringify(demoDivisions()));
    const found = [
      ...(await heard.answered()),
      ...(await tracesOf(stack, heard.sent)),
      ...tracesInEvents(events, heard.sent),
    ];
    await stack.close();
    found.push(...tracesOnDisk(join(data, 'year'), heard.sent));
    console.log(
      `\n${heard.sent.size} different ID numbers, phones, accounts and names were sent, and ${events.length} events told; they stand in:\n`,
    );
    const elsewhere = found.filter((place) => !PLACES.includes(place));
    for (const place of found.sort()) console.log(`  ${elsewhere.includes(place) ? '✗' : '✓'} ${place}`);
    console.log(`\n${found.length} kinds of places, ${elsewhere.length} of them not in docs/privacy.md.`);
    if (elsewhere.length > 0) process.exitCode = 1;
  } finally {
    heard.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
if (values.help) console.log(HELP);
else await lookForTraces();
