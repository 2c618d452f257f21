import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'antd';
import * as z from 'zod';
import { mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { Page } from '../../ui/page.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Entries } from './entries.tsx';
import { Help } from './help.tsx';

const view = z.object({ tab: z.enum(['funds', 'help']).optional() });

/** Every act of help, the funds it came from, and the requests that wait. */
export function Ledger() {
  const { w } = useWords();
  const me = useMe();
  const [{ tab }, setView] = useView(view);
  return (
    <Page title={w.ledger}>
      <Tabs
        activeKey={tab ?? 'entries'}
        onChange={(key) => setView({ tab: key === 'entries' ? undefined : key })}
        items={[
          { key: 'entries', label: w.ledger, children: <Entries /> },
          ...(mayCall(me, 'readFunds') ? [{ key: 'funds', label: w.funds, children: <Funds /> }] : []),
          { key: 'help', label: w.helpRequests, children: <Help /> },
        ]}
      />
    </Page>
  );
}

function Funds() {
  const { w } = useWords();
  const funds = useQuery(read('readFunds', {}));
  return (
    <div className="block">
      <Answered to={funds} empty={({ items }) => items.length === 0}>
        {({ items }) => (
          <List
            copy
            rowKey="fund"
            dataSource={items}
            columns={[
              { title: w.fund, dataIndex: 'fund' },
              { title: w.received, align: 'right', render: (_value, { received }) => <Money fen={received} /> },
              { title: w.spent, align: 'right', render: (_value, { spent }) => <Money fen={spent} /> },
              { title: w.balance, align: 'right', render: (_value, { balance }) => <Money fen={balance} /> },
            ]}
          />
        )}
      </Answered>
    </div>
  );
}
