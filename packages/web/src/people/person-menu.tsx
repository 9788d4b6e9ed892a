import type { PeerId } from '@potluck/client';
import {
  Ban,
  Eye,
  Hand,
  MicOff,
  MonitorX,
  Pin,
  ShieldCheck,
  ShieldMinus,
  UserX,
  VideoOff,
  type LucideIcon,
} from 'lucide-react';
import type { RefObject } from 'react';
import { useCall, useRoom, useUi } from '../call/context.tsx';
import type { CallRoom } from '../call/port.ts';
import { useText } from '../i18n/text.tsx';
import { OpenMenu, type MenuEntry } from '../ui/menu.tsx';
import { actsOn, type Act } from './acts.ts';
import type { Person } from './people.ts';

type Doing = { readonly icon: LucideIcon; run(moderation: CallRoom['moderation'], id: PeerId): Promise<void> };

const doings: { readonly [A in Act]: Doing } = {
  'ask-microphone': { icon: Hand, run: (moderation, id) => moderation.askToUnmute(id, 'microphone') },
  mute: { icon: MicOff, run: (moderation, id) => moderation.mute(id, 'microphone') },
  'stop-camera': { icon: VideoOff, run: (moderation, id) => moderation.mute(id, 'camera') },
  'stop-screen': { icon: MonitorX, run: (moderation, id) => moderation.mute(id, 'screen') },
  'make-cohost': { icon: ShieldCheck, run: (moderation, id) => moderation.setRole(id, 'cohost') },
  'make-speaker': { icon: ShieldMinus, run: (moderation, id) => moderation.setRole(id, 'speaker') },
  'make-viewer': { icon: Eye, run: (moderation, id) => moderation.setRole(id, 'viewer') },
  kick: { icon: UserX, run: (moderation, id) => moderation.kick(id) },
  ban: { icon: Ban, run: (moderation, id) => moderation.ban(id) },
};

type PersonMenuProps = { person: Person; at: RefObject<HTMLElement | null>; onClose(): void };

/** What can be done about somebody, open: pin for everyone, the rest for those with the right. */
export function PersonMenu({ person, at, onClose }: PersonMenuProps) {
  const { tile, people, common } = useText();
  const { actions } = useCall();
  const me = useRoom((state) => state.me);
  const pinned = useUi((ui) => ui.pinned.includes(person.id));
  const labels: { readonly [A in Act]: string } = {
    'ask-microphone': people.askToUnmute,
    mute: people.muteThem,
    'stop-camera': people.stopCamera,
    'stop-screen': people.stopScreen,
    'make-cohost': people.makeCohost,
    'make-speaker': person.role === 'viewer' ? people.letSpeak : people.takeBackCohost,
    'make-viewer': people.letWatch,
    kick: people.kick,
    ban: people.ban,
  };
  const entries: MenuEntry[] = [
    { id: 'pin', label: pinned ? tile.unpin : tile.pin, icon: Pin, run: () => actions.togglePin(person.id) },
    ...actsOn(person, me).map((act) => ({
      id: act,
      label: labels[act],
      icon: doings[act].icon,
      run: () => actions.moderate((moderation) => doings[act].run(moderation, person.id as PeerId)),
    })),
  ];
  const label = tile.menu(person.name || common.unnamed);
  return <OpenMenu label={label} entries={entries} at={at} onClose={onClose} placement="bottom end" testId="person" />;
}
