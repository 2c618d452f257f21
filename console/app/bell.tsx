import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { type Answer, mayCall, read, serverNow } from '../api/client.ts';
import { minute } from '../ui/format.ts';
import { useRegionNames } from '../ui/region.tsx';
import { fill, useWords } from '../words/language.tsx';
import { useMe } from './me.ts';

/** Whoever never looked is told of a week. */
const FIRST_DAYS = 7;
const SHOWN = 12;

/** What became due for the caller, was escalated to them or is late since they last looked. When that was, this browser keeps. */
export function Bell() {
  const { w } = useWords();
  const me = useMe();
  const key = `shouwang.looked.${me.sub}`;
  const [since, setSince] = useState(
    () => localStorage.getItem(key) ?? new Date(serverNow() - FIRST_DAYS * 86_400_000).toISOString(),
  );
  const [open, setOpen] = useState(false);
  const found = useQuery({
    ...read('listNotifications', { query: { region: me.region, since, limit: SHOWN } }),
    enabled: mayCall(me, 'listNotifications'),
    refetchInterval: 60_000,
  });
  if (!mayCall(me, 'listNotifications')) return null;
  const { items = [], total = 0, asOf } = found.data ?? {};
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      title={w.notifications}
      content={
        <div className="bell">
          {items.length === 0 ? <p className="quiet">{w.notificationsNone}</p> : <Told items={items} />}
          {total > items.length ? (
            <Link to="/inbox" onClick={() => setOpen(false)}>
              {fill(w.notificationsMore, { n: total - items.length })}
            </Link>
          ) : null}
          {asOf === undefined || items.length === 0 ? null : (
            <Button
              size="small"
              onClick={() => {
                localStorage.setItem(key, asOf);
                setSince(asOf);
                setOpen(false);
              }}
            >
              {w.notificationsSeen}
            </Button>
          )}
        </div>
      }
    >
      <Button
        type="text"
        className="bell-button"
        aria-label={`${w.notifications} ${total}`}
        icon={
          <Badge count={total} size="small" overflowCount={99}>
            <BellOutlined />
          </Badge>
        }
      />
    </Popover>
  );
}

function Told({ items }: { items: Answer<'listNotifications'>['items'] }) {
  const { of } = useWords();
  const name = useRegionNames();
  return (
    <ul>
      {items.map(({ id, what, procedure, subject, household, step, happenedAt }) => (
        <li key={id}>
          <Link to={procedure === 'settlement' ? '/claims/$id' : '/cases/$id'} params={{ id: subject }}>
            <span className={what === 'entered' ? 'due' : what === 'overdue' ? 'due late' : 'due near'}>
              {of('happened', what)}
            </span>{' '}
            {of('step', step)} · {name(household.slice(0, 12))} {household.slice(13)}
          </Link>
          <span className="quiet number">{minute(happenedAt)}</span>
        </li>
      ))}
    </ul>
  );
}
