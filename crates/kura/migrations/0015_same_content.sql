-- Who else holds the same content, the newest first, however many do.
drop index version_sha256;
create index version_content on version (sha256, item);
