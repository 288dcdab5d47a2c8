//! Attachments: what is taken, what is refused in a sentence, who may read them.

use crate::both;
use crate::client::{Answer, Client};
use crate::submissions::{FORM, fill};
use crate::world::count;
use axum::http::header;
use domain::id::SubmissionId;

const MIB: usize = 1024 * 1024;

async fn send(clerk: &Client, id: SubmissionId, item: &str, name: &str, bytes: &[u8]) -> Answer {
    let path = format!("/submissions/{id}/files");
    clerk.upload(&path, &[("item", item)], &format!("file-{item}"), (name, bytes)).await
}

/// The smallest PDF with room for more.
fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n".to_vec();
    let tail = b"\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    bytes.resize(size.max(bytes.len() + tail.len()) - tail.len(), b'\n');
    bytes.extend_from_slice(tail);
    bytes
}

both!(hostile_files_are_refused_in_a_sentence, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    send(&clerk, id, "901", "大.pdf", &pdf(20 * MIB + 1)).await.refused("文件超过20MB");
    send(&clerk, id, "901", "规划.pdf", b"MZ\x90\x00\x03\x00\x00\x00 a program").await.refused("像是程序");
    send(&clerk, id, "901", "规划.docx", include_bytes!("forms/bomb.docx")).await.refused("规划文本").says("请");
    send(&clerk, id, "901", "规划.docx", include_bytes!("forms/entities.docx")).await.refused("规划文本").says("请");
    send(&clerk, id, "901", "照片.png", b"\x89PNG\r\n\x1a\n").await.refused("请上传 pdf、docx");
    send(&clerk, id, "901", "空.pdf", b"").await.refused("文件是空的");
    send(&clerk, id, "901", "", b"").await.refused("请先选择");
    send(&clerk, id, "101", "规划.pdf", &pdf(100)).await.is_missing();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM draft_file").await, 0);
    // The address of the refusal, opened again, leads back to the form.
    let again = clerk.get(&format!("/submissions/{id}/files")).await.done();
    assert_eq!(again.location, format!("/submissions/{id}"));
});

both!(a_file_of_exactly_the_limit_is_taken, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    send(&clerk, id, "901", "规划.pdf", &pdf(20 * MIB)).await.done();
    clerk.get(&format!("/submissions/{id}/sections/papers")).await.shown().says("20MB");
});

both!(the_same_file_twice_is_one_and_too_many_are_refused, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    send(&clerk, id, "901", "一.pdf", &pdf(100)).await.done();
    send(&clerk, id, "901", "一.pdf", &pdf(100)).await.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM draft_file").await, 1);
    send(&clerk, id, "901", "二.pdf", &pdf(101)).await.done();
    send(&clerk, id, "901", "三.pdf", &pdf(102)).await.refused("最多2个文件");
    let page = clerk.get(&format!("/submissions/{id}/sections/papers")).await.shown().says("已达到文件数上限");
    let (_, rest) = page.text.split_once("/files/").expect("a link");
    let file = rest.split('"').next().expect("its end").to_owned();
    clerk.post(&format!("/submissions/{id}/files/{file}/removal"), &[]).await.done();
    assert_eq!(count(world.store(), "SELECT COUNT(*) FROM draft_file").await, 1);
});

both!(a_file_is_sent_to_those_who_may_read_it, world => {
    let world = world.with_small_form();
    let id = world.start(FORM, "ciyuan").await;
    let clerk = world.person("ciyuan_clerk").await;
    fill(&clerk, id).await;
    let page = clerk.get(&format!("/submissions/{id}/sections/papers")).await.shown();
    let draft_file = file_in(&page);
    clerk.get(&draft_file).await.shown();
    let county = world.person("fuliang_reviewer").await;
    county.get(&draft_file).await.is_missing();
    world.person("chaxiang_clerk").await.get(&draft_file).await.is_missing();
    world.seal(id).await.expect("sealed");
    let page = county.get(&format!("/submissions/{id}/editions/1")).await.shown();
    let answer = county.get(&file_in(&page)).await.shown();
    assert_eq!(answer.bytes, include_bytes!("forms/good.docx"));
    let head = |name| answer.headers.get(name).expect("the header").to_str().expect("text").to_owned();
    assert!(head(header::CONTENT_DISPOSITION).starts_with("attachment; "));
    assert!(head(header::CONTENT_SECURITY_POLICY).contains("sandbox"));
    assert_eq!(head(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    world.person("leping_reviewer").await.get(&file_in(&page)).await.is_missing();
    world.person("system_admin").await.get(&file_in(&page)).await.forbidden();
});

fn file_in(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("href=\"/files/").expect("a link to a file");
    format!("/files/{}", rest.split('"').next().expect("its end"))
}
