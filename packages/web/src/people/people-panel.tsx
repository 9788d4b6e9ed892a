import {
  EllipsisVertical,
  Hand,
  Mic,
  MicOff,
  Pencil,
  Radio,
  Search,
  UserPlus,
  Video,
  VideoOff,
  WifiOff,
  X,
} from 'lucide-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { useCall, useRoom } from '../call/context.tsx';
import { tilesOf } from '../grid/tiles.ts';
import { useText } from '../i18n/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { useGradually } from '../ui/gradually.ts';
import { LightButton } from '../ui/light-button.tsx';
import { Plate } from '../ui/plate-view.tsx';
import { sameValues } from '../ui/same-values.ts';
import { listPeople, type Person } from './people.ts';
import { Lobby } from './lobby.tsx';
import { PersonMenu } from './person-menu.tsx';
import './people.css';

/** Everybody in the call, by name. */
export function PeoplePanel() {
  const { people: words, common, call } = useText();
  const { actions } = useCall();
  const me = useRoom((state) => state.me);
  const participants = useRoom((state) => state.participants);
  const [search, setSearch] = useState('');
  const [renaming, setRenaming] = useState(false);
  const rename = useCallback(() => setRenaming(true), []);
  // One menu for all: fifty of them that nobody opens would take a third of a second to make.
  const [menu, setMenu] = useState<{ id: string; at: { current: HTMLElement } }>();
  const openMenu = useCallback((id: string, button: HTMLElement) => setMenu({ id, at: { current: button } }), []);
  const shown = useMemo(
    () => listPeople(tilesOf({ me, participants }), participants, search, me.role),
    [me, participants, search],
  );
  const drawn = useGradually(
    useMemo(() => shown.map(({ id }) => id), [shown]),
    6,
  );
  const rows = shown.filter(({ id }) => drawn.has(id));
  const about = shown.find(({ id }) => id === menu?.id);
  const count = participants.length + 1;
  return (
    <aside className="panel people" aria-label={words.title} data-testid="people-panel">
      <header className="panel-head">
        <h2>
          {words.title}
          <small>{words.count(count)}</small>
        </h2>
        <IconButton label={common.close} icon={<X size={20} />} onPress={actions.closePanel} testId="close-panel" />
      </header>
      <div className="people-list-box">
        {count > 6 && (
          <Field
            label={words.search}
            labelHidden
            placeholder={words.search}
            value={search}
            onChange={setSearch}
            icon={<Search size={18} />}
            testId="people-search"
          />
        )}
        <Lobby />
        {shown.length === 0 && <p className="people-none">{words.none}</p>}
        <ul>
          {rows.map((person) => (
            <li key={person.id} data-testid="person">
              {person.self && renaming ? (
                <Rename name={me.displayName} onDone={() => setRenaming(false)} />
              ) : (
                <PersonRow person={person} chosen={person === about} onRename={rename} onMenu={openMenu} />
              )}
            </li>
          ))}
        </ul>
        {menu !== undefined && about !== undefined && (
          <PersonMenu person={about} at={menu.at} onClose={() => setMenu(undefined)} />
        )}
      </div>
      <footer className="people-foot">
        <Button icon={<UserPlus size={18} />} onPress={() => actions.show('invite')}>
          {call.invite}
        </Button>
      </footer>
    </aside>
  );
}

/** Lists are made anew with every change of the room; a person who is the same is not drawn again. */
const PersonRow = memo(
  PersonRowNow,
  (before, after) =>
    sameValues({ ...before, person: undefined }, { ...after, person: undefined }) &&
    sameValues(before.person, after.person),
);

type PersonRowProps = {
  person: Person;
  /** Its menu is open. */
  chosen: boolean;
  onRename(): void;
  onMenu(id: string, at: HTMLElement): void;
};

function PersonRowNow({ person, chosen, onRename, onMenu }: PersonRowProps) {
  const { common, tile, people } = useText();
  const name = person.name || common.unnamed;
  return (
    <>
      <Plate name={person.name} id={person.id} />
      <span className="person-name">
        {person.self ? tile.you(name) : name}
        {person.kind === 'broadcaster' && (
          <span className="person-kind">
            <Radio size={12} aria-hidden="true" /> {people.broadcaster}
          </span>
        )}
        {person.kind === 'peer' && person.role !== 'speaker' && (
          <span className="person-kind">{people.roles[person.role]}</span>
        )}
      </span>
      {person.reconnecting && <WifiOff size={18} role="img" aria-label={tile.reconnecting} aria-hidden={false} />}
      {person.handRaised && (
        <Hand size={18} className="person-hand" role="img" aria-label={tile.hand} aria-hidden={false} />
      )}
      {person.camera ? (
        <Video size={18} aria-hidden="true" />
      ) : (
        <VideoOff size={18} role="img" aria-label={tile.cameraOff} aria-hidden={false} />
      )}
      {person.silent ? (
        <MicOff size={18} className="person-muted" role="img" aria-label={tile.muted} aria-hidden={false} />
      ) : (
        <Mic size={18} aria-hidden="true" />
      )}
      {person.self ? (
        <IconButton label={people.rename} icon={<Pencil size={16} />} onPress={onRename} testId="rename" />
      ) : (
        <LightButton
          label={tile.menu(name)}
          icon={<EllipsisVertical size={18} />}
          opensMenu={chosen}
          onPress={(at) => onMenu(person.id, at)}
          testId="person-menu-button"
        />
      )}
    </>
  );
}

function Rename({ name, onDone }: { name: string; onDone(): void }) {
  const { people } = useText();
  const { actions } = useCall();
  const [typed, setTyped] = useState(name);
  return (
    <form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        const displayName = typed.trim();
        if (displayName !== '' && displayName !== name) actions.rename(displayName);
        onDone();
      }}
    >
      <Field
        label={people.rename}
        labelHidden
        value={typed}
        onChange={setTyped}
        maxLength={80}
        autoFocus
        testId="rename-input"
      />
      <Button type="submit" tone="primary" testId="rename-save">
        {people.save}
      </Button>
    </form>
  );
}
