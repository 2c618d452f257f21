import { useQuery } from '@tanstack/react-query';
import * as z from 'zod';
import { domainEvent, type EventKind } from '../../../functions/contracts/events.ts';
import { minute } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';

/** Only the stack of one machine remembers what left through the bus; deployed, the district's own rules take it. */
export const remembersEvents = ['127.0.0.1', 'localhost'].includes(location.hostname);

const MOST = 200;
const answer = z.object({ events: z.array(z.looseObject({ detail: domainEvent })) });

const NAMES: Record<EventKind, readonly [zh: string, en: string]> = {
  'decision-due-tomorrow': ['待办明天到期', 'Due tomorrow'],
  'decision-overdue': ['待办逾期', 'Overdue'],
  'decision-escalated': ['待办升级', 'Escalated'],
  'round-lagging': ['排查进度落后', 'Round lagging'],
  'payment-returned': ['支付退回', 'Payment returned'],
  'brief-published': ['简报发布', 'Brief published'],
  'daily-digest': ['每日摘要', 'Daily digest'],
};

/** The last events that left through the bus, newest first: what a district would hand to SMS or WeCom. */
export function Events() {
  const { w, of, language } = useWords();
  const name = useRegionNames();
  const events = useQuery({
    queryKey: ['local-events'],
    queryFn: async () =>
      answer
        .parse(await (await fetch('/_local/events')).json())
        .events.slice(-MOST)
        .reverse(),
  });
  return (
    <Block title={w.events}>
      <Answered to={events} empty={(items) => items.length === 0}>
        {(items) => (
          <List
            rowKey="id"
            dataSource={items.map(({ detail }) => detail)}
            columns={[
              { title: w.on, width: 150, className: 'number', render: (_value, { at }) => minute(at) },
              { title: w.type, width: 150, render: (_value, { kind }) => NAMES[kind][language === 'zh' ? 0 : 1] },
              { title: w.region, render: (_value, { region }) => name(region, true) },
              { title: w.toRole, render: (_value, { roles }) => roles.map((each) => of('role', each)).join(w.comma) },
            ]}
          />
        )}
      </Answered>
    </Block>
  );
}
