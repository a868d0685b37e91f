create table question (
  id bigint generated always as identity primary key,
  question varchar(2000) not null,
  model varchar(200) not null,
  cached boolean not null,
  asked_at timestamp(3) with time zone not null
);
