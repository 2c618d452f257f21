import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Form, InputNumber, Progress, Segmented, Select } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { policyId } from '../../../functions/contracts/insurance/policy.ts';
import { educationStage, lineId } from '../../../functions/contracts/insurance/product.ts';
import { type Answer, call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Count, Money } from '../../ui/figures.tsx';
import { Illustrative } from '../../ui/marks.tsx';
import { Block, Facts, Page } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegion } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { arithmeticSentence } from '../../words/sentences.ts';

const lists = ['uninsured', 'unregistered', 'twice'] as const;
const view = z.object({ policy: policyId.optional(), list: z.enum(lists).optional() });

/** Policies and how far their limits are used, the terms with a calculator, and the roster held against the register. */
export function Insurance() {
  const { w } = useWords();
  const me = useMe();
  const [{ policy }, setView] = useView(view);
  const policies = useQuery(read('listPolicies', {}));
  const products = useQuery(read('listProducts', {}));
  const chosen = policies.data?.items.find(({ id }) => id === policy) ?? policies.data?.items.at(-1);
  const product = products.data?.items.find(({ id }) => id === chosen?.product) ?? products.data?.items.at(-1);
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
                <Progress
                  percent={Math.round(((chosen.reserved + chosen.paid) / chosen.limit) * 1000) / 10}
                  success={{ percent: Math.round((chosen.paid / chosen.limit) * 1000) / 10 }}
                />
              )}
            </Block>
          )
        }
      </Answered>
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

type Product = Answer<'listProducts'>['items'][number];

function Terms({ product }: { product: Product }) {
  const { w, of } = useWords();
  const { lines } = product;
  return (
    <Block
      title={
        <>
          {product.name} {product.status === 'illustrative' ? <Illustrative /> : null}
        </>
      }
      extra={<span className="quiet">{of('criteriaStatus', product.state)}</span>}
    >
      <table className="plain wide">
        <tbody>
          {lineId.options.flatMap((id) => {
            const line = lines[id];
            if (line === undefined) return [];
            return [
              <tr key={id}>
                <td>
                  <b>{of('line', id)}</b>
                </td>
                <td>
                  {line.kind === 'cost' ? (
                    <>
                      {w.deductible} <Money fen={line.deductible} />；
                      {line.tiers
                        .map(
                          ({ upTo, percent }) => `${upTo === null ? w.above : `≤ ${upTo / 100} ${w.yuan}`} ${percent}%`,
                        )
                        .join('，')}
                      ；{w.capPerPerson} <Money fen={line.capPerPerson} />
                    </>
                  ) : line.kind === 'lump-sum' || line.kind === 'graded' ? (
                    <Money fen={line.amount} />
                  ) : line.kind === 'staged' ? (
                    educationStage.options
                      .flatMap((stage) =>
                        line.amounts[stage] === undefined
                          ? []
                          : [`${of('educationStage', stage)} ${(line.amounts[stage] ?? 0) / 100} ${w.yuan}`],
                      )
                      .join('，')
                  ) : (
                    `${Object.entries(line.housing)
                      .map(([damage, amount]) => `${of('housingDamage', damage)} ${amount / 100} ${w.yuan}`)
                      .join('，')}；${w.assetsLoss} ${line.assetsPercent}%`
                  )}
                </td>
                <td className="quiet">
                  {line.waitingDays === 0 ? '' : `${w.waitingDays} ${line.waitingDays} ${w.daysUnit}`}
                </td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
      <Facts
        items={[
          [w.capPerHousehold, <Money key="h" fen={product.capPerHousehold} />],
          [w.secondApproverAbove, <Money key="s" fen={product.secondApproverAbove} />],
        ]}
      />
    </Block>
  );
}

interface Trial {
  line: (typeof lineId.options)[number];
  total?: number;
  reimbursed?: number;
  excluded?: number;
  before?: number;
  grade?: number;
  stage?: (typeof educationStage.options)[number];
  loss?: number;
}

/** Anybody can check the arithmetic: nothing is stored. */
function Calculator({ product }: { product: Product }) {
  const { w, of, language } = useWords();
  const problem = useProblem();
  const [form] = Form.useForm<Trial>();
  const line = Form.useWatch('line', form) ?? 'illness';
  const fen = (amount: number | undefined): number => Math.round((amount ?? 0) * 100);
  const trial = useMutation({
    mutationFn: (fields: Trial) => {
      const bills = [
        {
          invoice: 'TRIAL-1',
          total: fen(fields.total),
          reimbursed: fen(fields.reimbursed),
          excluded: fen(fields.excluded),
        },
      ];
      const facts =
        fields.line === 'accidental-death'
          ? { line: fields.line }
          : fields.line === 'accidental-disability'
            ? { line: fields.line, grade: fields.grade ?? 10 }
            : fields.line === 'education'
              ? { line: fields.line, stage: fields.stage ?? ('university' as const) }
              : fields.line === 'disaster'
                ? { line: fields.line, housing: 'severe' as const, housingLoss: fen(fields.loss), assetsLoss: 0 }
                : { line: fields.line, bills };
      return call('tryProduct', {
        params: { id: product.id },
        body: {
          facts,
          standing: { accepted: fen(fields.before), approved: 0, household: 0, limitLeft: 1_000_000_000 },
        },
      });
    },
    onError: problem,
  });
  const money = <InputNumber min={0} precision={2} suffix={w.yuan} style={{ width: '100%' }} />;
  const isCost = line === 'illness' || line === 'accident-medical';
  return (
    <Block
      title={
        <>
          {w.calculator} <Illustrative />
        </>
      }
    >
      <Form
        form={form}
        layout="vertical"
        size="small"
        initialValues={{ line: 'illness', reimbursed: 0, excluded: 0, before: 0 }}
        onFinish={trial.mutate}
        className="decide-fields"
      >
        <Form.Item name="line" label={w.insuredLine}>
          <Select options={lineId.options.map((value) => ({ value, label: of('line', value) }))} />
        </Form.Item>
        {isCost ? (
          <>
            <Form.Item name="total" label={w.total} rules={[{ required: true, message: w.needed }]}>
              {money}
            </Form.Item>
            <Form.Item name="reimbursed" label={w.reimbursed}>
              {money}
            </Form.Item>
            <Form.Item name="excluded" label={w.excluded}>
              {money}
            </Form.Item>
            <Form.Item name="before" label={w.acceptedBefore}>
              {money}
            </Form.Item>
          </>
        ) : null}
        {line === 'accidental-disability' ? (
          <Form.Item name="grade" label={w.grade}>
            <InputNumber min={1} max={10} precision={0} />
          </Form.Item>
        ) : null}
        {line === 'education' ? (
          <Form.Item name="stage" label={w.educationStage}>
            <Select options={educationStage.options.map((value) => ({ value, label: of('educationStage', value) }))} />
          </Form.Item>
        ) : null}
        {line === 'disaster' ? (
          <Form.Item name="loss" label={w.housingLoss}>
            {money}
          </Form.Item>
        ) : null}
        <Form.Item label=" ">
          <Button htmlType="submit" type="primary" loading={trial.isPending}>
            {w.calculate}
          </Button>
        </Form.Item>
      </Form>
      {trial.data === undefined ? null : (
        <table className="plain wide">
          <tbody>
            {trial.data.steps.map((step, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the steps of an arithmetic keep their places.
              <tr key={place}>
                <td className="quiet number">{place + 1}</td>
                <td>{arithmeticSentence(step, language)}</td>
              </tr>
            ))}
            <tr>
              <td />
              <td>
                <b>
                  {w.toBeApproved} <Money fen={trial.data.amount} />
                </b>
              </td>
            </tr>
          </tbody>
        </table>
      )}
    </Block>
  );
}

function Reconciliation({ policy }: { policy: string }) {
  const { w, of } = useWords();
  const region = useRegion();
  const [{ list }, setView] = useView(view);
  const held = useQuery(
    read('reconcile', {
      params: { id: policy },
      query: { region, limit: 200, ...(list === undefined ? {} : { list }) },
    }),
  );
  return (
    <Block title={w.reconciliation}>
      <Answered to={held}>
        {(answer) => (
          <>
            <Facts
              items={[
                [w.insured, <Count key="i" n={answer.insured} unit={w.peopleUnit} />],
                [w.registered, <Count key="r" n={answer.registered} unit={w.peopleUnit} />],
                [w.both, <Count key="b" n={answer.both} unit={w.peopleUnit} />],
                ...lists.map(
                  (one) =>
                    [
                      of('reconcile', one),
                      <Button
                        key={one}
                        type="link"
                        size="small"
                        onClick={() => setView({ list: list === one ? undefined : one })}
                      >
                        <Count n={answer[one]} unit={w.peopleUnit} />
                      </Button>,
                    ] as const,
                ),
              ]}
            />
            {list === undefined ? null : answer.items.length === 0 ? (
              <Nothing />
            ) : (
              <List
                copy
                tall
                rowKey="person"
                dataSource={answer.items}
                columns={[
                  {
                    title: w.household,
                    width: 240,
                    render: (_value, { household }) =>
                      household === null ? (
                        '—'
                      ) : (
                        <Link to="/households/$id" params={{ id: household }}>
                          {household}
                        </Link>
                      ),
                  },
                  {
                    title: w.idNumber,
                    width: 220,
                    className: 'number',
                    render: (_value, { idNumber }) => idNumber ?? '—',
                  },
                ]}
              />
            )}
          </>
        )}
      </Answered>
    </Block>
  );
}

function Prompts({ policy }: { policy: string }) {
  const { w } = useWords();
  const region = useRegion();
  const [open, setOpen] = useState(false);
  const prompts = useQuery({ ...read('prompts', { params: { id: policy }, query: { region } }), enabled: open });
  return (
    <Block
      title={w.prompts}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {w.look}
        </Button>
      }
    >
      {open ? (
        <Answered to={prompts} empty={({ items }) => items.length === 0}>
          {({ items }) => (
            <List
              copy
              rowKey="household"
              dataSource={items}
              columns={[
                {
                  title: w.household,
                  render: (_value, { household }) => (
                    <Link to="/households/$id" params={{ id: household }}>
                      {household}
                    </Link>
                  ),
                },
                { title: w.round, dataIndex: 'round' },
                { title: w.paidMedical, align: 'right', render: (_value, { medical }) => <Money fen={medical} /> },
              ]}
            />
          )}
        </Answered>
      ) : null}
    </Block>
  );
}
