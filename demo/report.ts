import type { Totals } from '../functions/contracts/screening/round.ts';
import type { LocalStack } from '../local/index.ts';
import { ApiClient } from './client.ts';
import { ROUND } from './seed-quarter.ts';

interface RoundDetail {
  sealedAt: string;
  expectedHouseholds: number;
  expectedPeople: number;
  illustrative: boolean;
  totals: Totals;
  parts: { name: string; totals: Totals }[];
}

interface Sheet {
  rows: { household: string }[];
}

/** Prints what a district director reads first: totals by class and by town, whether anybody is missing, speed and price. */
export async function printRound(
  stack: LocalStack,
  times: { submitSeconds: number; sealSeconds: number },
): Promise<void> {
  const client = new ApiClient(stack.endpoints);
  const officer = { account: 'district-officer' };
  const round = await client.get<RoundDetail>(`/v1/rounds/${ROUND}`, officer);
  const { totals } = round;
  console.log(
    `\n${ROUND} 排查已封存。应查 ${both(totals.expected)}，已查 ${both(totals.visited)}，未查 ${both(totals.missed)}。`,
  );
  if (round.illustrative) console.log('注意：监测线为示例数值，并非本省公布。');
  const head = ['', '应查户', '应查人', '已查户', '未查户', '放心户', '关心户', '监测户', '待纳入'];
  const line = (name: string, of: Totals) => [
    name,
    of.expected.households,
    of.expected.people,
    of.visited.households,
    of.missed.households,
    of.byClass.secure.households,
    of.byClass.concern.households,
    of.byClass.monitor.households,
    Object.values(of.candidatesByType).reduce((sum, { households }) => sum + households, 0),
  ];
  table([head, ...round.parts.map(({ name, totals: part }) => line(name, part)), line('全区', totals)]);
  await printRosterCheck(client, totals);
  if (times.submitSeconds > 0)
    console.log(`入户提交 ${times.submitSeconds.toFixed(1)} 秒；封存 ${times.sealSeconds.toFixed(1)} 秒。`);
  const { lines, usd } = stack.gateway.meter.price();
  console.log(`按所计用量和公开按需价目，自本次启动以来在云上约需 ${usd.toFixed(4)} 美元：`);
  table(
    lines
      .filter((one) => one.usd >= 0.0001)
      .map(({ what, quantity, usd: price }) => [what, Math.round(quantity), `$${price.toFixed(4)}`]),
  );
}

/** The set of sheeted households, visited and missed, is the set of registered ones: nobody lost, nobody doubled. */
async function printRosterCheck(client: ApiClient, totals: Totals): Promise<void> {
  const auditor = { account: 'auditor' };
  const { towns } = await client.get<{ towns: { villages: { code: string }[] }[] }>('/v1/divisions', auditor);
  const sheeted: string[] = [];
  const expected = new Set<string>();
  for (const { code } of towns.flatMap(({ villages }) => villages)) {
    const [sheet, worklist] = await Promise.all([
      client.get<Sheet>(`/v1/rounds/${ROUND}/sheets/${code}`, auditor),
      client.get<{ items: { household: { id: string } }[] }>(
        `/v1/rounds/${ROUND}/worklist?village=${code}&limit=200`,
        auditor,
      ),
    ]);
    sheeted.push(...sheet.rows.map(({ household }) => household));
    for (const { household } of worklist.items) expected.add(household.id);
  }
  const same =
    sheeted.length === expected.size &&
    sheeted.every((id) => expected.has(id)) &&
    expected.size === totals.expected.households;
  console.log(
    `核对：排查表 ${sheeted.length} 户，冻结名单 ${expected.size} 户，${same ? '完全一致，无遗漏，无重复。' : '不一致！'}`,
  );
  if (!same) process.exitCode = 1;
}

function both({ households, people }: { households: number; people: number }): string {
  return `${households} 户 ${people} 人`;
}

function table(rows: (string | number)[][]): void {
  const width = (cell: string | number) => [...String(cell)].reduce((sum, char) => sum + (char > '\u2e80' ? 2 : 1), 0);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const gap = ' '.repeat((widths[column] ?? 0) - width(cell));
      return typeof cell === 'number' ? gap + cell : cell + gap;
    });
    console.log(cells.join('  '));
  }
}
