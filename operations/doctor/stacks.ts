import type { DeployedStack } from '../connect/stacks.ts';
import { attention, type Finding, well, wrong } from './finding.ts';

/** What a cell is deployed as (infra/stacks.ts); the web ACL's stack may be left away and lies in another region. */
export const PARTS = ['Data', 'Service', 'Console', 'Watch'] as const;

export type Deployed = Readonly<Record<(typeof PARTS)[number], DeployedStack | undefined>>;

/** What each of two stacks asks for by itself, and must be given alike: no export may tell the other (infra/issuer.ts, infra/table-in-use.ts). */
const ALIKE = [
  { name: 'Issuer', of: ['Service', 'Console'] },
  { name: 'Audience', of: ['Service', 'Console'] },
  { name: 'RestoredTable', of: ['Service', 'Watch'] },
] as const;

/** Whether every stack is there and its last deployment went through. */
export function stacksFinding(deployed: Deployed): Finding {
  const said = PARTS.map((part) => ({ part, status: deployed[part]?.status ?? '没有部署，或当前凭证看不到' }));
  const named = (some: typeof said) => some.map(({ part, status }) => `${part}（${status}）`).join('、');
  const moving = said.filter(({ status }) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS');
  const stands = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);
  const back = said.filter(({ status }) => status === 'UPDATE_ROLLBACK_COMPLETE');
  const broken = said.filter((one) => !stands.has(one.status) && !moving.includes(one) && !back.includes(one));
  if (broken.length > 0)
    return wrong('stacks', `没有部署完整：${named(broken)}`, '按 docs/deploy/ 第 5 步处理，再整体部署');
  if (moving.length > 0) return attention('stacks', `正在部署：${named(moving)}`, '部署结束后再检查一次');
  if (back.length > 0)
    return attention('stacks', `最近一次部署被撤回：${named(back)}`, '在 CloudFormation 的事件中找到原因，再整体部署');
  return well('stacks', `${PARTS.length} 个栈都已部署`);
}

/** Whether stacks that must be given the same were: with two issuers people sign in, and every request of theirs is refused. */
export function parametersFinding(deployed: Deployed): Finding {
  const differing = ALIKE.flatMap(({ name, of }) => {
    const given = of.flatMap((part) => {
      const value = deployed[part]?.parameters.get(name);
      return value === undefined ? [] : [{ part, value }];
    });
    const values = given.map(({ part, value }) => `${part}:${name}=${value}`);
    return new Set(given.map(({ value }) => value)).size > 1 ? [values.join(' 与 ')] : [];
  });
  return differing.length === 0
    ? well('parameters', '各栈须相同的参数相同')
    : wrong(
        'parameters',
        `须相同的参数不同：${differing.join('；')}`,
        '以 --parameters 把同一个值给两个栈，重新部署（docs/deploy/ 第 5 步）',
      );
}
