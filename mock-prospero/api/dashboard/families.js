// The three families of entities: their addresses, and the sample fields that the forms offer. Apart from `status` of an
// Invoice, which decides whether it may be deleted (E5), the fields are samples and none of Prospero's (T4).

const title = (first) => ({ name: 'sampleTitle', label: 'Title', type: 'text', first });

export const families = [
  {
    path: 'events',
    one: 'Event',
    many: 'Events',
    event: 'event',
    fields: [
      title('Gala Evening'),
      { name: 'sampleStart', label: 'Start (UTC)', type: 'datetime-local', toValue: (value) => `${value}:00Z` },
      { name: 'sampleStatus', label: 'Status', choices: ['tentative', 'confirmed', 'cancelled'] },
    ],
    statusField: 'sampleStatus',
  },
  {
    path: 'invoices',
    one: 'Invoice',
    many: 'Invoices',
    event: 'invoice',
    fields: [
      title('Hall rental'),
      { name: 'sampleAmount', label: 'Amount', type: 'text' },
      { name: 'status', label: 'Status', choices: ['draft', 'sent', 'paid'] },
    ],
    statusField: 'status',
  },
  {
    path: 'offers',
    one: 'Offer',
    many: 'Offers',
    event: 'offer',
    fields: [
      title('Guest soloist'),
      { name: 'sampleDate', label: 'Date', type: 'date' },
      { name: 'sampleStatus', label: 'Status', choices: ['open', 'accepted', 'declined'] },
    ],
    statusField: 'sampleStatus',
  },
];

/** The organization that the address of a family is in. */
export const organizationOf = (base) => base.split('/')[2];

export const titleOf = (entity) => entity.sampleTitle ?? entity.title ?? entity.name ?? entity.number ?? '';
