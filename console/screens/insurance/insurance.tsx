import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import * as z from 'zod';
import { policyId } from '../../../functions/contracts/insurance/policy.ts';
import { productId } from '../../../functions/contracts/insurance/product.ts';
import { mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Money } from '../../ui/figures.tsx';
import { LimitUsed } from '../../ui/limit-used.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { Answered } from '../../ui/states.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Calculator } from './calculator.tsx';
import { Products } from './products.tsx';
import { Prompts, Reconciliation } from './reconciliation.tsx';
import { Terms } from './terms.tsx';

const view = z.object({ policy: policyId.optional(), product: productId.optional() });

/** Policies and how far their limits are used, the terms with a calculator, and the roster held against the register. */
export function Insurance() {
  const { w } = useWords();
  const me = useMe();
  const [{ policy, product: looked }, setView] = useView(view);
  const policies = useQuery(read('listPolicies', {}));
  const products = useQuery(read('listProducts', {}));
  const chosen = policies.data?.items.find(({ id }) => id === policy) ?? policies.data?.items.at(-1);
  const product =
    products.data?.items.find(({ id }) => id === (looked ?? chosen?.product)) ?? products.data?.items.at(-1);
  return (
    <Page
      title={w.insurance}
      actions={
        (policies.data?.items.length ?? 0) > 1 ? (
          <Segmented
            size="small"
            value={chosen?.id ?? ''}
            options={
              policies.data?.items.map(({ id, number, year }) => ({ value: id, label: `${year} ${number}` })) ?? []
            }
            onChange={(value) => setView({ policy: String(value) })}
          />
        ) : null
      }
    >
      <Answered to={policies} empty={({ items }) => items.length === 0}>
        {() =>
          chosen === undefined ? null : (
            <Block title={`${chosen.insurer} · ${chosen.number}`}>
              <Facts
                items={[
                  [w.period, `${chosen.from} – ${chosen.to}`],
                  [w.premium, <Money key="p" fen={chosen.premium} />],
                  [w.limit, <Money key="l" fen={chosen.limit} />],
                  [w.paid, <Money key="d" fen={chosen.paid} />],
                  [w.reserved, <Money key="r" fen={chosen.reserved} />],
                  [w.left, <Money key="f" fen={chosen.left} />],
                ]}
              />
              {chosen.limit === null || chosen.reserved === null || chosen.paid === null ? null : (
                <LimitUsed limit={chosen.limit} reserved={chosen.reserved} paid={chosen.paid} />
              )}
            </Block>
          )
        }
      </Answered>
      {products.data === undefined ? null : (
        <Products products={products.data.items} look={(id) => setView({ product: id })} />
      )}
      {product === undefined ? null : (
        <div className="grid">
          <Terms product={product} />
          {mayCall(me, 'tryProduct') ? <Calculator product={product} /> : null}
        </div>
      )}
      {chosen !== undefined && mayCall(me, 'reconcile') ? <Reconciliation policy={chosen.id} /> : null}
      {chosen !== undefined && mayCall(me, 'prompts') ? <Prompts policy={chosen.id} /> : null}
    </Page>
  );
}
