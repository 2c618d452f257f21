import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { call, mayCall } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { minute } from '../../ui/format.ts';
import { Illustrative } from '../../ui/marks.tsx';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { PolicyForm } from './policy-form.tsx';
import { ProductForm } from './product-form.tsx';
import type { Product } from './terms.tsx';
import { termsOf } from './terms-fields.ts';
import { firstTerms } from './terms-shape.ts';

/** All terms there are, who proposed and who approved them; new ones, and a policy by them. */
export function Products({ products, look }: { products: readonly Product[]; look: (id: string) => void }) {
  const { w, of } = useWords();
  const me = useMe();
  const [open, setOpen] = useState<'product' | 'policy'>();
  const newest = products.at(-1);
  return (
    <Block
      title={w.terms}
      extra={
        <span className="page-actions no-print">
          {mayCall(me, 'proposeProduct') ? (
            <Button size="small" onClick={() => setOpen('product')}>
              {w.proposeProduct}
            </Button>
          ) : null}
          {mayCall(me, 'createPolicy') ? (
            <Button size="small" onClick={() => setOpen('policy')}>
              {w.createPolicy}
            </Button>
          ) : null}
        </span>
      }
    >
      <List<Product>
        rowKey="id"
        dataSource={[...products]}
        columns={[
          {
            title: w.productName,
            render: (_value, { id, name, status }) => (
              <>
                <Button type="link" size="small" onClick={() => look(id)}>
                  {name}
                </Button>{' '}
                {status === 'illustrative' ? <Illustrative /> : null}
              </>
            ),
          },
          { title: w.effectiveFrom, className: 'number', dataIndex: 'effectiveFrom' },
          { title: w.status, render: (_value, { state }) => of('criteriaStatus', state) },
          { title: w.proposedBy, render: (_value, one) => `${one.proposedBy} ${minute(one.proposedAt)}` },
          {
            title: w.approvedBy,
            render: (_value, one) =>
              one.approvedBy === undefined ? '—' : `${one.approvedBy} ${minute(one.approvedAt ?? '')}`,
          },
          {
            title: w.actions,
            render: (_value, one) =>
              one.state === 'proposed' && one.proposedBy !== me.sub && mayCall(me, 'approveProduct') ? (
                <Approve id={one.id} />
              ) : null,
          },
        ]}
      />
      {open === 'product' ? (
        <ProductForm base={newest === undefined ? firstTerms : termsOf(newest)} close={() => setOpen(undefined)} />
      ) : null}
      {open === 'policy' ? <PolicyForm products={products} close={() => setOpen(undefined)} /> : null}
    </Block>
  );
}

function Approve({ id }: { id: string }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const approve = useMutation({
    mutationFn: () => call('approveProduct', { params: { id } }),
    onSuccess: () => {
      void message.success(w.done);
      void client.invalidateQueries({ queryKey: ['listProducts'] });
    },
    onError: problem,
  });
  return (
    <Popconfirm title={w.approveTermsSure} okText={w.confirm} cancelText={w.cancel} onConfirm={() => approve.mutate()}>
      <Button size="small" type="primary" loading={approve.isPending}>
        {w.approve}
      </Button>
    </Popconfirm>
  );
}
