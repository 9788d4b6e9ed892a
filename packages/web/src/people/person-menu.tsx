import type { PeerId } from '@potluck/client';
import { Ban, EllipsisVertical, Hand, MicOff, Pin, UserX, VideoOff } from 'lucide-react';
import { useCall, useRoom, useUi } from '../call/context.tsx';
import { useText } from '../i18n/text.tsx';
import { IconButton } from '../ui/button.tsx';
import { MenuButton, type MenuEntry } from '../ui/menu.tsx';
import type { Person } from './people.ts';

/** What can be done about somebody: pin for everyone, the rest for those with the right. */
export function PersonMenu({ person }: { person: Person }) {
  const { tile, people, common } = useText();
  const { actions } = useCall();
  const permissions = useRoom((state) => state.me.permissions);
  const pinned = useUi((ui) => ui.pinned.includes(person.id));
  const peerId = person.id as PeerId;
  const entries: MenuEntry[] = [
    { id: 'pin', label: pinned ? tile.unpin : tile.pin, icon: Pin, run: () => actions.togglePin(person.id) },
  ];
  if (permissions.includes('muteOthers') && person.kind === 'peer') {
    if (person.silent)
      entries.push({
        id: 'ask',
        label: people.askToUnmute,
        icon: Hand,
        run: () => actions.moderate((moderation) => moderation.askToUnmute(peerId, 'microphone')),
      });
    else
      entries.push({
        id: 'mute',
        label: people.muteThem,
        icon: MicOff,
        run: () => actions.moderate((moderation) => moderation.mute(peerId, 'microphone')),
      });
    if (person.camera)
      entries.push({
        id: 'stop-camera',
        label: people.stopCamera,
        icon: VideoOff,
        run: () => actions.moderate((moderation) => moderation.mute(peerId, 'camera')),
      });
  }
  if (permissions.includes('kick') && person.kind === 'peer') {
    entries.push({
      id: 'kick',
      label: people.kick,
      icon: UserX,
      run: () => actions.moderate((moderation) => moderation.kick(peerId)),
    });
  }
  if (permissions.includes('ban') && person.kind === 'peer') {
    entries.push({
      id: 'ban',
      label: people.ban,
      icon: Ban,
      run: () => actions.moderate((moderation) => moderation.ban(peerId)),
    });
  }
  const label = tile.menu(person.name || common.unnamed);
  return (
    <MenuButton label={label} entries={entries} placement="bottom end" testId="person">
      <IconButton label={label} icon={<EllipsisVertical size={18} />} testId="person-menu-button" tooltip={false} />
    </MenuButton>
  );
}
