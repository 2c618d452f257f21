import { useEffect, useState } from 'preact/hooks';
import { say, t } from '../app/words.ts';
import type { Desk } from '../keep/desk.ts';
import { exchange } from '../send/send.ts';
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

/** How long between attempts while something is unsent or the list is old. */
const EVERY_MS = 30_000;

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
    addEventListener('popstate', back);
    addEventListener('online', send);
    document.addEventListener('visibilitychange', send);
    const timer = setInterval(send, EVERY_MS);
    send();
    return () => {
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
        <Screen desk={desk} place={place} go={go} onLeave={onLeave} />
      </main>
    </>
  );
}

function Screen({ desk, place, go, onLeave }: { desk: Desk; place: Place; go: Go; onLeave: () => void }) {
  if (desk.village === undefined && place.at !== 'settings') return <VillageChoice desk={desk} />;
  switch (place.at) {
    case 'list':
      return <ListScreen desk={desk} go={go} />;
    case 'household': {
      const item = desk.item(place.household);
      return item === undefined ? (
        <p class="empty">{t('名单上已没有这一户。', 'This household is no longer on the list.')}</p>
      ) : (
        <HouseholdScreen desk={desk} item={item} go={go} />
      );
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
      if (form.answers.kind !== 'visit') return <SmallForm desk={desk} form={form} item={item} go={go} />;
      return item === undefined ? (
        <p class="empty">{t('名单上已没有这一户。', 'This household is no longer on the list.')}</p>
      ) : (
        <VisitScreen desk={desk} form={form} item={item} go={go} />
      );
    }
  }
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
