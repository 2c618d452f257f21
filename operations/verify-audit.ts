import { dayOf } from '../functions/domain/calendar.ts';
import type { BrokenLink } from '../functions/domain/timeline.ts';
import type { Head } from '../functions/store/timeline.ts';
import { argumentsOf } from './connect/arguments.ts';
import { mustHoldDistrict } from './connect/district.ts';
import { connectLocal, NoSystem, nowOf } from './connect/system.ts';

const HELP = `核验全部监测对象和理赔案件的留痕链，并与最近七份日根对照，指出第一处断裂。每周至少核验一次：有人预先放入一份假的日根，前几日的仍然作证。

  npm run verify-audit                 本机正在运行的系统（数据目录 .local）
  npm run verify-audit -- --data DIR   另一数据目录
  TABLE_NAME=… DISTRICT=… AUDIT_BUCKET=… npm run verify-audit -- --aws   部署在 AWS 上的系统，凭证取自环境

退出码：0 全部完整；1 有断裂；2 核验不了（系统找不到、没有运行或中途停止）。
`;

const { values } = argumentsOf({
  options: {
    data: { type: 'string', default: '.local' },
    aws: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Whoever puts a root of their own in the place of a day's is found by those of the days before: whoever verifies once a week meets one of these. */
const ROOTS = 7;

interface Verified {
  /** How many held, before the first that did not. */
  chains: number;
  links: number;
  /** Of the newest root, its day and how many chains it knows; undefined while there is none. */
  root: { on: string; chains: number } | undefined;
  broken: string | undefined;
}

/** What roots know of a chain: its head on each of the days, and the last of these. */
interface Rooted {
  heads: Head[];
  on: string;
}

/** Walks every chain in the order of the register, then looks for those that only roots know. @param now of the system, ms */
async function verify(district: string, now: number): Promise<Verified> {
  // Imported only now: the store's client takes its settings from the environment when it is made.
  const { casePartition, listSummaries, readCase } = await import('../functions/store/cases/cases.ts');
  const { claimPartition, listClaimSummaries, readClaim } = await import('../functions/store/insurance/claims.ts');
  const { verifyTimeline } = await import('../functions/store/timeline.ts');
  const { NoText } = await import('../functions/store/table.ts');
  const { newestRoots, readHeads } = await import('../functions/store/audit-roots.ts');
  // The roots before the register: what is written meanwhile is in the register, and never the other way round.
  const roots = await newestRoots(district, ROOTS, now);
  const rooted = new Map<string, Rooted>();
  for (const root of roots) {
    for (const { id, ...head } of (await readHeads(root, now)).values()) {
      const heads = rooted.get(id)?.heads ?? [];
      rooted.set(id, { heads: heads.at(-1)?.hash === head.hash ? heads : [...heads, head], on: root.on });
    }
  }
  const newest = roots.at(-1);
  const root = newest === undefined ? undefined : { on: newest.on, chains: newest.chains };
  const [cases, claims] = await Promise.all([listSummaries(district), listClaimSummaries(district)]);
  const subjects = [
    ...cases.map(({ id }) => ({ id, partition: casePartition(id), read: readCase })),
    ...claims.map(({ id }) => ({ id, partition: claimPartition(id), read: readClaim })),
  ];
  let links = 0;
  const faultOf = async ({ id, partition, read }: (typeof subjects)[number]): Promise<string | undefined> => {
    try {
      const found = await read(id);
      if (found === undefined) return '登记册有此件，案卷不存在';
      const broken = await verifyTimeline(partition, found.head ?? null, rooted.get(id)?.heads);
      links += found.head?.sequence ?? 0;
      return broken === undefined ? undefined : `第 ${broken.sequence} 环，${faults[broken.fault]}`;
    } catch (error) {
      // What was written by nobody of the system: no text, or one that says something else. A failing service has errors of its own.
      if (error instanceof SyntaxError || error instanceof TypeError || error instanceof NoText)
        return '案卷或其中一环读不出来';
      throw error;
    }
  };
  for (const [chains, subject] of subjects.entries()) {
    const fault = await faultOf(subject);
    if (fault !== undefined) return { chains, links, root, broken: `${subject.id}：${fault}` };
    rooted.delete(subject.id);
  }
  const chains = subjects.length;
  for (const [id, { on }] of rooted) return { chains, links, root, broken: `${id}：日根 ${on} 记有此链，登记册没有` };
  const isAhead = newest !== undefined && newest.on > dayOf(now);
  return { chains, links, root, broken: isAhead ? `日根 ${newest.on} 晚于今天，不是系统写的` : undefined };
}

const faults: Readonly<Record<BrokenLink['fault'], string>> = {
  sequence: '序号不连',
  previous: '与前一环不接',
  hash: '哈希不符',
  digest: '内容与摘要不符',
  body: '内容不在（支付记录的内容从不删除）',
  missing: '缺失',
  witness: '与日根不符',
};

/** Which chains are meant must be said: of a wrong district there are none, and none is whole. @throws NoSystem */
async function districtToVerify(): Promise<string> {
  const { TABLE_NAME, DISTRICT, AUDIT_BUCKET } = process.env;
  if (!TABLE_NAME || !DISTRICT || !AUDIT_BUCKET)
    throw new NoSystem('请先设置 TABLE_NAME、DISTRICT 和 AUDIT_BUCKET，说明核验哪一个区的哪一张表、日根在哪个存储桶。');
  await mustHoldDistrict(TABLE_NAME, DISTRICT);
  return DISTRICT;
}

if (values.help) console.log(HELP);
else {
  try {
    const now = values.aws ? Date.now() : await nowOf(await connectLocal(values.data));
    const { chains, links, root, broken } = await verify(await districtToVerify(), now);
    if (broken === undefined) {
      console.log(`留痕完整：${chains} 条链，${links} 环。`);
      // A chain that is cut together with its head is whole by itself: only the root knows.
      console.log(root === undefined ? '还没有日根可以对照。' : `与日根 ${root.on} 相符：${root.chains} 条链。`);
    } else {
      console.error(`留痕断裂：${broken}（此前 ${chains} 条链完整）。`);
      process.exitCode = 1;
    }
  } catch (error) {
    // What could not be looked at is neither whole nor broken.
    const said = error instanceof Error ? `${error.name}：${error.message}` : String(error);
    console.error(`✗ ${error instanceof NoSystem ? error.message : `核验不下去（${said}）。`}`);
    process.exitCode = 2;
  }
}
