import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  type ExecutionListItem,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  type StateMachineListItem,
} from '@aws-sdk/client-sfn';
import { monitoringLine } from '../../functions/contracts/screening/criteria.ts';
import { workflowNames } from '../../functions/contracts/workflows.ts';
import { dayOf, roundOf } from '../../functions/domain/calendar.ts';
import { dueOf, oldestUnreconciledDays, pointsBehind, unopenedQuarter } from '../../functions/domain/lateness.ts';
import { criteriaInForce } from '../../functions/domain/screening/thresholds.ts';
import { isCalendarKnown } from '../../functions/domain/working-days.ts';
import { listPending, listUndelivered } from '../../functions/store/decisions.ts';
import { listDueStarts } from '../../functions/store/due-starts.ts';
import { listBatches } from '../../functions/store/insurance/payout-batches.ts';
import { readPayouts } from '../../functions/store/insurance/payouts.ts';
import { keys } from '../../functions/store/keys.ts';
import { readDivisions, villagesOf } from '../../functions/store/registry/divisions.ts';
import { listCriteria } from '../../functions/store/screening/criteria.ts';
import { listProgress } from '../../functions/store/screening/progress.ts';
import { listRounds } from '../../functions/store/screening/rounds.ts';
import { get } from '../../functions/store/table.ts';
import type { System } from '../connect/system.ts';
import { attention, type Finding, unknown, well, wrong } from './finding.ts';

/*
 * Checks of any system, local or deployed. Imported after the environment was pointed at it: the store's client takes its settings from there.
 */

type Check = (system: System, now: number) => Promise<Finding>;

const MINUTE = 60_000;
/** A redrive is possible for 14 days. */
const REDRIVABLE = 14 * 24 * 60 * MINUTE;

/** The system's own machines, among all of the account's. */
async function machinesOf(client: SFNClient, stage: string): Promise<StateMachineListItem[]> {
  const own: StateMachineListItem[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client, pageSize: 1000 }, {}))
    own.push(...stateMachines.filter(({ name }) => name?.startsWith(`shouwang-${stage}-`)));
  return own;
}

export const checks: Readonly<Record<string, Check>> = {
  async api({ api, front = api, district }) {
    // As everybody calls it: past the distribution it may refuse before it reads anything (docs/adr/0016).
    const [me, notices] = await Promise.all(
      ['/v1/me', `/v1/notices?region=${district}`].map((path) =>
        fetch(`${front}${path}`, { signal: AbortSignal.timeout(15_000) }),
      ),
    );
    // Without a token this is the right answer.
    if (me?.status !== 401) return wrong('api', `接口应答 ${me?.status}`, '查看 docs/runbooks/api-failing.md');
    // It reads the table that the functions were told of, which need not be the one that is looked at here.
    if (notices?.status === 403)
      return wrong(
        'api',
        '接口不认分发转来的请求（403）',
        '把同一个 OriginSecret 给 Service 和 Console 两个栈（docs/deploy/ 第 10 步）',
      );
    return notices === undefined || notices.status >= 500
      ? wrong('api', `接口读不到数据表（${notices?.status}）`, '查看 docs/runbooks/table-failing.md')
      : well('api', '接口应答正常');
  },

  async table() {
    const name = process.env['TABLE_NAME'];
    if (name === undefined)
      return wrong('table', '没有数据表', '重新部署 Data；数据丢失时按 docs/runbooks/restore.md 恢复');
    const { Table } = await new DynamoDBClient({}).send(new DescribeTableCommand({ TableName: name }));
    const indexes = new Set(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
    const missing = ['open', 'openAt'].filter((index) => !indexes.has(index));
    if (Table?.TableStatus !== 'ACTIVE' || missing.length > 0)
      return wrong(
        'table',
        `数据表 ${name} 状态 ${Table?.TableStatus}，缺少索引：${missing.join('、') || '无'}`,
        '重新部署 Data',
      );
    return well('table', `数据表 ${name} 可用`);
  },

  async keys({ district }) {
    const [data, id] = await Promise.all([get(keys.dataKey(district)), get(keys.idKey())]);
    const divisions = await readDivisions(district);
    if (data === undefined && (await listRounds(district)).length > 0)
      return wrong(
        'keys',
        '已有排查轮次，却没有加密证件号码的数据密钥',
        '不要再登记农户；按 docs/runbooks/restore.md 恢复数据表',
      );
    if (data === undefined || id === undefined)
      return well('keys', divisions === undefined ? '密钥在首次登记时生成' : '密钥在首次使用时生成');
    return well('keys', '数据密钥和编号密钥都在');
  },

  async machines({ stage }) {
    const known = new Set((await machinesOf(new SFNClient({}), stage)).map(({ name }) => name));
    const missing = workflowNames.filter((name) => !known.has(`shouwang-${stage}-${name}`));
    return missing.length === 0
      ? well('machines', '四个工作流都在')
      : wrong('machines', `缺少工作流：${missing.join('、')}`, '整体重新部署 Service');
  },

  async executions({ stage }, now) {
    const client = new SFNClient({});
    const failed: ExecutionListItem[] = [];
    for (const { stateMachineArn } of await machinesOf(client, stage)) {
      for (const statusFilter of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const) {
        // By when they began: what waited for months and failed yesterday stands behind a hundred others.
        for await (const { executions = [] } of paginateListExecutions(
          { client, pageSize: 1000 },
          { stateMachineArn, statusFilter },
        ))
          failed.push(
            ...executions.filter(({ stopDate }) => stopDate !== undefined && now - stopDate.getTime() < REDRIVABLE),
          );
      }
    }
    const [first] = failed;
    if (first === undefined) return well('executions', '近 14 天没有失败而停下的流程');
    return wrong(
      'executions',
      `${failed.length} 个流程失败而停下，例如 ${first.name}（${first.status}）`,
      '按 docs/runbooks 中该流程的手册处理，再 redrive；满 14 天后不能再 redrive',
    );
  },

  async undelivered({ district }, now) {
    const [decisions, starts] = await Promise.all([listUndelivered(district), listDueStarts(district)]);
    const since = [
      ...decisions.flatMap(({ answer }) => answer?.at ?? []),
      ...starts.flatMap(({ since: at }) => at ?? []),
    ].map((at) => now - Date.parse(at));
    const late = since.filter((age) => age > 30 * MINUTE).length;
    return late === 0
      ? well('undelivered', '没有超过半小时未送达的办理结果或流程启动')
      : wrong('undelivered', `${late} 项办理结果或流程启动超过半小时未送达`, '按 docs/runbooks/sweep-failing.md 处理');
  },

  async divisions({ district }) {
    const divisions = await readDivisions(district);
    return divisions === undefined
      ? wrong('divisions', '没有导入行政区划', '区级专干调用 POST /v1/divisions（见 docs/deploy/）')
      : well('divisions', `行政区划：${divisions.towns.length} 个镇街，${villagesOf(divisions).length} 个村`);
  },

  async criteria({ district }, now) {
    const today = dayOf(now);
    const all = await listCriteria(district);
    const inForce = criteriaInForce(all, today);
    const todo = '一名区级专干提出研判标准，另一名批准（控制台“研判标准”）';
    if (inForce === undefined)
      return wrong('criteria', all.length === 0 ? '没有研判标准' : '研判标准已提出，尚未批准', todo);
    const year = Number(today.slice(0, 4));
    if (monitoringLine(inForce, year, district) === undefined)
      return wrong('criteria', `现行标准没有 ${year} 年的监测线，不能开展排查`, todo);
    if (today.slice(5) >= '11-01' && monitoringLine(inForce, year + 1, district) === undefined)
      return attention('criteria', `还没有 ${year + 1} 年的监测线`, `${todo}，须在 1 月 11 日之前`);
    const illustrative = inForce.lines.some((line) => line.year === year && line.status === 'illustrative');
    return illustrative
      ? attention('criteria', `${year} 年的监测线是示例，不是公布的标准`, '正式使用前换成本省公布的监测线')
      : well('criteria', `${year} 年的研判标准已批准`);
  },

  async officers({ district, where, api }) {
    const all = await listCriteria(district);
    const seen = new Set(
      all.flatMap(({ proposedBy, approvedBy }) => [proposedBy, ...(approvedBy === undefined ? [] : [approvedBy])]),
    );
    if (seen.size >= 2) return well('officers', `至少 ${seen.size} 名区级专干办理过事项`);
    if (where === 'local') {
      const accounts: unknown = await (await fetch(`${api}/_local/issuer/accounts`)).json();
      if (JSON.stringify(accounts).includes('district-officer'))
        return well('officers', '本机账号可以登录；同一事项须由两人办理');
    }
    return attention(
      'officers',
      '还没有两名区级专干办理过事项',
      '在身份系统中至少设两名 role=district-officer 的账号，各登录一次',
    );
  },

  async calendar(_, now) {
    const today = dayOf(now);
    const year = Number(today.slice(0, 4));
    if (!isCalendarKnown(year))
      return wrong(
        'calendar',
        `没有 ${year} 年的放假安排，工作日期限无法计算`,
        '升级到包含该年安排的版本（functions/domain/working-days.ts）',
      );
    if (today.slice(5) >= '12-01' && !isCalendarKnown(year + 1))
      return attention(
        'calendar',
        `还没有 ${year + 1} 年的放假安排`,
        '国务院办公厅公布后升级版本；之前的期限显示为“待定”',
      );
    return well('calendar', `${year} 年的放假安排已知`);
  },

  async rounds({ district }, now) {
    const [rounds, divisions] = await Promise.all([listRounds(district), readDivisions(district)]);
    const unopened = divisions === undefined ? undefined : unopenedQuarter(rounds, now);
    if (unopened !== undefined && rounds.length > 0)
      return wrong('rounds', `${unopened} 的排查没有开展`, '按 docs/runbooks/quarter-unopened.md 处理');
    if (unopened !== undefined)
      return attention(
        'rounds',
        `还没有开展过排查；本季 ${unopened} 已过 11 日`,
        '可由区级专干随时开展：POST /v1/rounds',
      );
    const open = rounds.find(({ status }) => status === 'collecting');
    if (open === undefined) return well('rounds', `本季 ${roundOf(dayOf(now))}：没有正在进行的排查`);
    const points = pointsBehind(open, await listProgress(open.id, district), now);
    return points >= 34
      ? attention('rounds', `${open.id} 落后于均匀进度 ${points} 个百分点`, '按 docs/runbooks/round-behind.md 催办')
      : well('rounds', `${open.id} 正在进行，进度正常`);
  },

  async inboxes({ district }, now) {
    const pending = await listPending(district);
    const { overdue } = dueOf(pending, now);
    return overdue.length === 0
      ? well('inboxes', `待办 ${pending.length} 项，没有超期`)
      : attention(
          'inboxes',
          `待办 ${pending.length} 项，其中 ${overdue.length} 项超期`,
          '控制台“待办”，按截止时间排列；超期事项已同时报上一级',
        );
  },

  async payments({ district }, now) {
    const batches = await listBatches(district);
    const days = oldestUnreconciledDays(await readPayouts(batches.flatMap(({ endToEndIds }) => endToEndIds)), now);
    return days >= 8
      ? wrong('payments', `有支付 ${days} 天没有银行回执`, '按 docs/runbooks/payments-unreconciled.md 向银行核对')
      : well('payments', '没有长期未对账的支付');
  },

  async clock({ api, where }) {
    if (where === 'local') {
      const told: { mode?: string } = Object(await (await fetch(`${api}/_local/clock`)).json());
      if (told.mode === 'virtual') return well('clock', '本机虚拟时钟：须由人拨动');
    }
    const asked = Date.now();
    const { headers } = await fetch(`${api}/v1/openapi.json`);
    const told = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(told)) return unknown('clock', '接口没有告知时间', '人工核对');
    const skew = Math.abs(told - (asked + Date.now()) / 2);
    return skew > 2 * MINUTE
      ? attention(
          'clock',
          `本机时钟与系统相差 ${Math.round(skew / 1000)} 秒`,
          '校准本机时钟；手机时间不准时，入户记录会被拒绝',
        )
      : well('clock', '时钟一致');
  },
};
