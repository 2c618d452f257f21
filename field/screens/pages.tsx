import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary, useRef, useState } from 'preact/hooks';
import { now } from '../app/clock.ts';
import { say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { upToDate } from '../rules/answers.ts';
import { exchange } from '../send/send.ts';
import { Discard } from './discard.tsx';
import { HouseholdScreen } from './household.tsx';
import { ListScreen } from './list.tsx';
import { MayBeCleared, StorageWarning, UpdateBar } from './notices.tsx';
import { Outbox, OutcomeScreen } from './outbox.tsx';
import { useDesk } from './parts.tsx';
import { PhotographsLeft } from './photographs.tsx';
import { type Go, isPlace, type Place } from './place.ts';
import { Settings } from './settings.tsx';
import { SmallForm } from './small-forms.tsx';
import { VillageChoice } from './village.tsx';
import { VisitScreen } from './visit.tsx';

/** How long between attempts while something waits to be sent, or did not come through. */
const EVERY_MS = 30_000;
/** A list older than this is fetched anew without a touch; more often it would cost a village's phone more than it tells. */
const OLD_MS = 10 * 60_000;

/** The page of somebody who is let in: one header that always tells what is unsent, one screen, and the phone's own way back. */
export function Pages({ desk, onLeave }: { desk: Desk; onLeave: () => void }) {
  useDesk(desk);
  const [place, setPlace] = useState<Place>({ at: 'list' });
  const go: Go = (next) => {
    if (next.at !== 'form') desk.forgetUntouched();
    // Nothing of the place stands in the address.
    if (next.at === 'done' || next.at === 'list') history.replaceState(next, '');
    else history.pushState(next, '');
    setPlace(next);
    window.scrollTo(0, 0);
    if (next.at === 'done') void exchange(desk);
  };
  useEffect(() => {
    const back = ({ state }: PopStateEvent) => {
      desk.forgetUntouched();
      setPlace(isPlace(state) && !('form' in state && !desk.forms.has(state.form)) ? state : { at: 'list' });
    };
    const send = () => {
      if (document.visibilityState === 'visible') void exchange(desk);
    };
    // Before the page goes, the browser asks: what was typed last is nowhere else.
    const stay = (event: BeforeUnloadEvent) => {
      if (!desk.status.full) return;
      event.preventDefault();
      event.returnValue = '';
    };
    addEventListener('beforeunload', stay);
    addEventListener('popstate', back);
    addEventListener('online', send);
    document.addEventListener('visibilitychange', send);
    const timer = setInterval(() => {
      const fetchedAt = desk.list?.fetchedAt ?? 0;
      // A clock that was set back meanwhile makes no list young for ever.
      if (desk.waits || desk.status.trouble !== undefined || Math.abs(now() - fetchedAt) > OLD_MS) send();
    }, EVERY_MS);
    send();
    return () => {
      removeEventListener('beforeunload', stay);
      removeEventListener('popstate', back);
      removeEventListener('online', send);
      document.removeEventListener('visibilitychange', send);
      clearInterval(timer);
    };
  }, [desk]);
  const inForm = place.at === 'form';
  return (
    <>
      <header>
        <button type="button" class="home" onClick={() => go({ at: 'list' })}>
          {place.at === 'list' ? t('守望 · 入户', 'Shouwang') : t('‹ 名单', '‹ List')}
        </button>
        <button
          type="button"
          class={desk.unsent === 0 ? 'unsent none' : 'unsent'}
          data-unsent={desk.unsent}
          onClick={() => go({ at: 'outbox' })}
        >
          {desk.unsent === 0 ? t('全部已送达', 'All arrived') : t(`未送达 ${desk.unsent} 份`, `${desk.unsent} unsent`)}
        </button>
        <button type="button" aria-label={t('设置', 'Settings')} onClick={() => go({ at: 'settings' })}>
          ☰
        </button>
      </header>
      <main>
        <StorageWarning desk={desk} />
        {inForm ? null : <UpdateBar />}
        <Guarded desk={desk} place={place}>
          <Screen desk={desk} place={place} go={go} onLeave={onLeave} />
        </Guarded>
      </main>
    </>
  );
}

/** A screen that fails, over a list of a newer server say, takes neither the header nor the other screens with it; with the next list it is tried again. */
function Guarded({ desk, place, children }: { desk: Desk; place: Place; children: ComponentChildren }) {
  const at = `${JSON.stringify(place)} ${desk.list?.fetchedAt}`;
  const failedAt = useRef('');
  const [error, tryAgain] = useErrorBoundary(() => {
    failedAt.current = at;
  });
  useEffect(() => {
    if (error !== undefined && failedAt.current !== at) tryAgain();
  }, [error, at, tryAgain]);
  if (error === undefined) return children;
  return (
    <p class="fault" role="alert">
      {t(
        '这一页显示不了。填过的表单都在手机上，会照常发送；请联网后刷新或更新本页，仍不行请告知镇里。',
        'This screen cannot be shown. All forms are on the phone and are sent as ever; reload or update with a signal, or tell the town.',
      )}
    </p>
  );
}

function Screen({ desk, place, go, onLeave }: { desk: Desk; place: Place; go: Go; onLeave: () => void }) {
  if (desk.village === undefined && place.at !== 'settings') return <VillageChoice desk={desk} />;
  switch (place.at) {
    case 'list':
      return <ListScreen desk={desk} go={go} />;
    case 'household': {
      const item = desk.item(place.household);
      return item === undefined ? <NotListed desk={desk} /> : <HouseholdScreen desk={desk} item={item} go={go} />;
    }
    case 'outbox':
      return <Outbox desk={desk} go={go} />;
    case 'settings':
      return <Settings desk={desk} onLeave={onLeave} />;
    default: {
      const form = desk.forms.get(place.form);
      if (form === undefined) return <p class="empty">{t('没有这份表单。', 'There is no such form.')}</p>;
      const item = desk.item(form.household);
      if (place.at === 'done') return <Done desk={desk} form={form.id} go={go} />;
      if (form.state !== 'draft') return <OutcomeScreen desk={desk} form={form} go={go} />;
      const draft = { ...form, answers: upToDate(form.answers, item, desk.list?.round) };
      if (form.answers.kind !== 'visit') return <SmallForm desk={desk} form={draft} item={item} go={go} />;
      if (item !== undefined) return <VisitScreen desk={desk} form={draft} item={item} go={go} />;
      return (
        <>
          <NotListed desk={desk} />
          <OutcomeScreen desk={desk} form={form} go={go} />
          <Discard desk={desk} form={form} go={go} />
        </>
      );
    }
  }
}

/** A list without the household is another thing than no list. */
function NotListed({ desk }: { desk: Desk }) {
  return (
    <p class="empty">
      {desk.list === undefined
        ? t('还没有名单，有信号时自动下载。', 'No list yet; it comes with a signal.')
        : t(
            '这一户不在手机的名单上：可能已不在本村，或属于另一个村。',
            'This household is not on this phone’s list: it left the village, or belongs to another.',
          )}
    </p>
  );
}

/** A finished form is on the phone; whether it is at the server too is told beneath. */
function Done({ desk, form: id, go }: { desk: Desk; form: string; go: Go }) {
  const form = desk.forms.get(id);
  return (
    <div class="done" role="status">
      <p class="result ready">
        {form?.state === 'sent' ? null : <b>{t('已存在手机上', 'Kept on this phone')}</b>}
        {form?.outcome === undefined
          ? t('，有信号时自动发送。', '; sent when there is a signal.')
          : `${form.state === 'sent' ? '' : t('：', ': ')}${say(form.outcome.words)}`}
      </p>
      {form === undefined ? null : <PhotographsLeft form={form} />}
      {form?.state === 'sent' ? null : <MayBeCleared />}
      <button type="button" class="main" onClick={() => go({ at: 'list' })}>
        {t('下一户', 'Next household')}
      </button>
      {form?.state === 'refused' ? (
        <button type="button" onClick={() => go({ at: 'outcome', form: id })}>
          {t('去处理', 'Look at it')}
        </button>
      ) : null}
    </div>
  );
}
