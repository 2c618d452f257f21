import * as z from 'zod';
import { aws } from '../connect/aws.ts';
import { stackOf } from '../connect/stacks.ts';
import type { System } from '../connect/system.ts';
import { type Finding, unknown, well, wrong } from './finding.ts';
import { SCHEDULES } from './local.ts';
import { parametersFinding, stacksFinding } from './stacks.ts';

/** The map's eight children, the public functions' cap, and a morning's phones: below this a round is throttled. */
const CONCURRENCY = 200;

const schedules = z.object({ Schedules: z.array(z.object({ Name: z.string(), State: z.string() })) });
const account = z.object({
  AccountLimit: z.object({ ConcurrentExecutions: z.number(), UnreservedConcurrentExecutions: z.number() }),
});
const subscriptions = z.object({ Subscriptions: z.array(z.object({ SubscriptionArn: z.string() })) });
const alarms = z.object({ MetricAlarms: z.array(z.object({ AlarmName: z.string(), StateValue: z.string() })) });
const backups = z.object({
  ContinuousBackupsDescription: z.object({
    PointInTimeRecoveryDescription: z.object({ PointInTimeRecoveryStatus: z.string() }),
  }),
});

/** What only AWS can be asked: its stacks, schedules, quotas, who hears alarms, which ring, and whether the table can be restored. */
export function cloudFindings({ cell = '' }: System): Finding[] {
  const [Data, Service, Console, Watch] = [
    stackOf(cell, 'Data'),
    stackOf(cell, 'Service'),
    stackOf(cell, 'Console'),
    stackOf(cell, 'Watch'),
  ];
  const deployed = { Data, Service, Console, Watch };
  const topic = Watch?.outputs.get('AlarmTopic');
  return [
    stacksFinding(deployed),
    parametersFinding(deployed),
    schedulesFinding(aws('scheduler', 'list-schedules', '--name-prefix', `shouwang-${cell}-`)),
    quotaFinding(aws('lambda', 'get-account-settings')),
    // Without Watch there is no topic: nobody hears.
    hearersFinding(
      topic === undefined ? { Subscriptions: [] } : aws('sns', 'list-subscriptions-by-topic', '--topic-arn', topic),
    ),
    ringingFinding(aws('cloudwatch', 'describe-alarms', '--alarm-name-prefix', `shouwang-${cell}-`)),
    recoveryFinding(aws('dynamodb', 'describe-continuous-backups', '--table-name', process.env['TABLE_NAME'] ?? '')),
  ];
}

export function schedulesFinding(answer: unknown): Finding {
  const found = schedules.safeParse(answer).data?.Schedules;
  if (found === undefined) return unseen('schedules', 'scheduler:ListSchedules');
  const off = found.filter(({ State }) => State !== 'ENABLED');
  if (found.length < SCHEDULES || off.length > 0)
    return wrong(
      'schedules',
      `应有 ${SCHEDULES} 个启用的日程，现有 ${found.length} 个，其中停用 ${off.length} 个`,
      '停用的按 docs/runbooks/restore.md 第 8 步启用（重新部署不会启用）；缺少的重新部署 Service',
    );
  return well('schedules', `${found.length} 个日程都已启用`);
}

export function quotaFinding(answer: unknown): Finding {
  const limit = account.safeParse(answer).data?.AccountLimit;
  if (limit === undefined) return unseen('quota', 'lambda:GetAccountSettings');
  return limit.ConcurrentExecutions < CONCURRENCY
    ? wrong(
        'quota',
        `账号并发上限 ${limit.ConcurrentExecutions}，封存和填报需要 ${CONCURRENCY}`,
        '申请提高（docs/deploy/ 第 2 步）；新账号只有 10',
      )
    : well('quota', `账号并发上限 ${limit.ConcurrentExecutions}，未预留 ${limit.UnreservedConcurrentExecutions}`);
}

export function hearersFinding(answer: unknown): Finding {
  const found = subscriptions.safeParse(answer).data?.Subscriptions;
  if (found === undefined) return unseen('hearers', 'sns:ListSubscriptionsByTopic');
  const confirmed = found.filter(({ SubscriptionArn }) => SubscriptionArn.startsWith('arn:')).length;
  if (confirmed > 0) return well('hearers', `告警送达 ${confirmed} 处`);
  return found.length === 0
    ? wrong('hearers', '告警没有人收', '部署 Watch 时给出 AlarmEmail')
    : wrong('hearers', '告警邮箱还没有确认订阅', '点开 AWS 发到该邮箱的确认链接');
}

export function ringingFinding(answer: unknown): Finding {
  const found = alarms.safeParse(answer).data?.MetricAlarms;
  if (found === undefined) return unseen('alarms', 'cloudwatch:DescribeAlarms');
  const ringing = found.filter(({ StateValue }) => StateValue === 'ALARM').map(({ AlarmName }) => AlarmName);
  if (found.length === 0) return wrong('alarms', '没有告警', '部署 Watch');
  return ringing.length > 0
    ? wrong('alarms', `正在告警：${ringing.join('、')}`, '每个告警的说明中有处理手册')
    : well('alarms', `${found.length} 个告警，都未触发`);
}

export function recoveryFinding(answer: unknown): Finding {
  const found = backups.safeParse(answer).data?.ContinuousBackupsDescription.PointInTimeRecoveryDescription;
  if (found === undefined) return unseen('recovery', 'dynamodb:DescribeContinuousBackups');
  return found.PointInTimeRecoveryStatus === 'ENABLED'
    ? well('recovery', '数据表可恢复到近 35 天内任一秒')
    : wrong('recovery', '数据表没有开启按时间点恢复', '按 docs/runbooks/restore.md 第 4 步开启（重新部署不会开启）');
}

function unseen(check: string, right: string): Finding {
  return unknown(check, '看不到', `当前凭证缺少 ${right}，或没有安装 aws 命令`);
}
