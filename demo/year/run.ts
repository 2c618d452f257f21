import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembly } from '../../infra/assembly.ts';
import { type LocalStack, startLocal } from '../../local/index.ts';
import { lock } from '../../local/lock.ts';
import { readyAccounts, signInPage } from '../accounts.ts';
import { ApiClient } from '../client.ts';
import { demoDivisions } from '../district/households.ts';
import { seedDivisions } from '../seed-quarter.ts';
import { type Compared, compareWithArticle, digestOfBriefs, printComparison } from './figures.ts';
import { replayYear, YEAR_START } from './replay.ts';

/** The year's data lies beside the quarter's, and is whole when this mark is there: a replay that was killed begins anew. */
const MARK = 'replayed.json';

export function isReplayed(data: string): boolean {
  return existsSync(join(data, 'year', MARK));
}

/** Takes away what is stored of the year. @throws StartError when a running process works on it */
export function emptyYear(data: string): void {
  const folder = join(data, 'year');
  if (!existsSync(folder)) return;
  lock(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Starts the stack of the year, on what is stored of it when that is whole. */
export async function startYear(data: string, port: number): Promise<LocalStack> {
  const folder = join(data, 'year');
  if (!isReplayed(data)) emptyYear(data);
  const district = demoDivisions().district.code;
  return await startLocal({
    assembly: await assembly(),
    data: folder,
    port,
    clock: 'virtual',
    start: YEAR_START,
    parameters: ({ issuer }) => ({ DistrictCode: district, Issuer: issuer, Audience: 'shouwang', Stage: 'local' }),
    accounts: readyAccounts(district),
    signIn: signInPage(),
    prepare: seedDivisions,
  });
}

/** Replays the year on a fresh stack, prints it figure by figure beside the article, and what it took. */
export async function replay(stack: LocalStack, data: string): Promise<Compared[]> {
  const folder = join(data, 'year');
  const started = performance.now();
  const phases = await replayYear({ endpoints: stack.endpoints, clock: stack.clock, data: folder });
  const seconds = (performance.now() - started) / 1000;
  const client = new ApiClient(stack.endpoints);
  const results = await compareWithArticle(client);
  printComparison(results);
  console.log(`\n${phases.map(({ name, seconds: took }) => `${name} ${took.toFixed(1)} 秒`).join('　')}`);
  const { httpRequests, calls, states, scheduled } = stack.gateway.meter.snapshot();
  const { usd, lines } = stack.gateway.meter.price();
  const executions = calls.filter(({ action }) => action === 'StartExecution').reduce((sum, one) => sum + one.calls, 0);
  const writes = lines.find(({ what }) => what.includes('write'))?.quantity ?? 0;
  console.log(
    `重放用时 ${seconds.toFixed(1)} 秒：HTTP 请求 ${httpRequests}，工作流执行 ${executions}（另有快速子执行 ${states.expressRequests}），状态转换 ${states.transitions}，写单位 ${writes}，日程 ${scheduled} 次；按公开按需价目约 ${usd.toFixed(2)} 美元。`,
  );
  console.log(`全区及各镇简报的摘要（同一种子每次相同）：${await digestOfBriefs(client)}`);
  writeFileSync(join(folder, MARK), JSON.stringify({ seconds }));
  return results;
}
