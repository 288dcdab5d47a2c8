//! What has happened in the demo: the first batch from call to list, the second in every stage.

use super::answers::Profile;
use super::player::{Company, OnDay};
use crate::declarations::Deed;
use crate::declarations::acts::batches::{self, BatchDraft, ExtensionInput, Whom};
use crate::declarations::acts::{self as declare};
use crate::lists::{PublicationInput, publish_batch};
use crate::selection::{DecisionInput, decide_batch, propose_one};
use domain::day::Day;
use domain::declaration::Slip;
use domain::id::{BatchId, ProgrammeId, SubmissionId};
use kit::{Error, Result};

const JDZ: (&str, &str) = ("jdz", "360200");
const JJ: (&str, &str) = ("jj", "360400");

/// A place in words.
const fn profile(
    name: &'static str,
    county: &'static str,
    code: &'static str,
    industry: &'static str,
    kind: &'static str,
) -> Profile {
    let city = if code.as_bytes()[3] == b'2' { "景德镇市" } else { "九江市" };
    Profile { name, city, county, code, industry, function: "旅游发展型", kind }
}

const GUJING: Profile = profile("示例古井镇", "浮梁县", "360222903", "陶瓷", "传统文化");
const XIAHE: Profile = profile("示例下河文创小镇", "乐平市", "360281", "文化创意", "现代制造");
const SHUANGXI: Profile = profile("示例双溪镇", "乐平市", "360281902", "竹制品", "现代制造");
const YUNWU: Profile = profile("示例云雾镇", "庐山市", "360483901", "云雾茶", "休闲旅游");
const HUBIN: Profile = profile("示例湖滨镇", "庐山市", "360483902", "渔业文旅", "休闲旅游");
const CIYUAN: Profile = profile("示例瓷源镇", "浮梁县", "360222901", "陶瓷", "传统文化");
const CHAXIANG: Profile = profile("示例茶香镇", "浮梁县", "360222902", "红茶", "休闲旅游");
const DONGFENG: Profile = profile("示例东风创客小镇", "浮梁县", "360222", "陶瓷设计", "现代制造");
const LEJIANG: Profile = profile("示例乐江镇", "乐平市", "360281901", "蔬菜加工", "商贸物流");
const TAOLIN: Profile = profile("示例陶林镇", "浮梁县", "360222904", "陶瓷原料", "传统文化");
const WUCUN: Profile = profile("示例梧村镇", "乐平市", "360281903", "古戏台文化", "传统文化");
const LUSHUI: Profile = profile("示例庐水镇", "庐山市", "360483903", "温泉康养", "美丽宜居");
const YUNLING: Profile = profile("示例云岭镇", "庐山市", "360483904", "避暑旅游", "休闲旅游");
const XINGHU: Profile = profile("示例星湖创客小镇", "庐山市", "360483", "数字创意", "现代制造");

/// The first batch, from the call to the list. It slipped: the plan said the end of June.
pub async fn first_batch(company: &Company, programme: ProgrammeId) -> Result<()> {
    let batch = call(company, programme, 1, ("2017-02-20", "赣建村〔2017〕8号")).await?;
    let (jdz, jj) = first_declarations(company, batch).await?;
    let may = company.on("2017-05-02")?;
    let jdz_report = may.report(JDZ, batch, "景府字〔2017〕31号", &jdz).await?;
    late_report(company, batch, &jj).await?;
    let receipt = company.on("2017-05-11")?;
    let office = receipt.actor("office").await?;
    declare::receive_report(&Deed::new(&receipt.app, &office), jdz_report).await?;
    for id in &jj {
        declare::receive(&Deed::new(&receipt.app, &office), *id, "逾期报送，经批准受理。").await?;
    }
    batches::close(&Deed::new(&receipt.app, &office), batch).await?;
    select(company, batch, &[jdz[0], jdz[1], jj[0], jj[1]]).await
}

async fn first_declarations(
    company: &Company,
    batch: BatchId,
) -> Result<(Vec<SubmissionId>, Vec<SubmissionId>)> {
    let march = company.on("2017-03-20")?;
    let april = company.on("2017-04-18")?;
    let (mut jdz, mut jj) = (Vec::new(), Vec::new());
    let places = [
        ("gujing", &GUJING, "fuliang", "浮府字〔2017〕16号", JDZ.0),
        ("xiahe", &XIAHE, "leping", "乐府字〔2017〕20号", JDZ.0),
        ("shuangxi", &SHUANGXI, "leping", "乐府字〔2017〕21号", JDZ.0),
        ("yunwu", &YUNWU, "lushan", "庐府字〔2017〕9号", JJ.0),
        ("hubin", &HUBIN, "lushan", "庐府字〔2017〕10号", JJ.0),
    ];
    for (place, profile, county, number, city) in places {
        let id = march.begin(place, batch, profile, None).await?;
        march.send(place, id).await?;
        april.county(county, id, number).await?;
        april.sign_all(city, id).await?;
        if city == JDZ.0 { jdz.push(id) } else { jj.push(id) }
    }
    Ok((jdz, jj))
}

/// One city was late; the conference allowed it, and the mark stays.
async fn late_report(company: &Company, batch: BatchId, order: &[SubmissionId]) -> Result<()> {
    let may = company.on("2017-05-05")?;
    let approver = may.actor("office_approver").await?;
    let extension = ExtensionInput {
        whom: Whom::Division(JJ.1.to_owned()),
        until: day("2017-05-10")?,
        reason: "该市汛情期间集中抗洪，材料汇总推迟。".to_owned(),
        authority: "conference".to_owned(),
        document_number: "赣特镇办〔2017〕5号".to_owned(),
    };
    batches::extend(&Deed::new(&may.app, &approver), batch, &extension).await?;
    company.on("2017-05-09")?.report(JJ, batch, "九府字〔2017〕44号", order).await?;
    Ok(())
}

async fn select(company: &Company, batch: BatchId, chosen: &[SubmissionId]) -> Result<()> {
    let june = company.on("2017-06-20")?;
    let office = june.actor("office").await?;
    for id in chosen {
        let reasons = "产业特色鲜明，项目投资落实，文化和生态基础较好，市级推荐顺序靠前，建议列入。";
        propose_one(&Deed::new(&june.app, &office), &id.to_string(), reasons).await?;
    }
    let july = company.on("2017-07-20")?;
    let approver = july.actor("office_approver").await?;
    let decision = DecisionInput {
        minutes_number: "赣特镇联纪〔2017〕2号".to_owned(),
        held_on: Some(day("2017-07-20")?),
        present: ["housing", "development", "finance", "statistics", "land", "industry"]
            .map(str::to_owned)
            .to_vec(),
        notice_first: Some(day("2017-07-21")?),
        notice_days: Some(5),
        phone: "0791-00000000".to_owned(),
    };
    decide_batch(&Deed::new(&july.app, &approver), batch, &decision).await?;
    let august = company.on("2017-08-04")?;
    let approver = august.actor("office_approver").await?;
    let publication = PublicationInput { effective: Some(day("2017-08-04")?), ..PublicationInput::default() };
    publish_batch(&Deed::new(&august.app, &approver), batch, &publication).await?;
    Ok(())
}

/// The second batch, open, with declarations in every stage.
pub async fn second_batch(company: &Company, programme: ProgrammeId) -> Result<()> {
    let batch = call(company, programme, 2, ("2018-03-01", "赣建村〔2018〕12号")).await?;
    reported_and_received(company, batch).await?;
    before_the_bureaus(company, batch).await?;
    let april = company.on("2018-04-20")?;
    april.begin("chaxiang", batch, &CHAXIANG, Some("culture")).await?;
    let late = company.on("2018-04-24")?;
    let clerk = late.actor("ciyuan_clerk").await?;
    let id = late.begin("ciyuan", batch, &CIYUAN, None).await?;
    declare::hand_over(&Deed::new(&late.app, &clerk), id).await?;
    let id = april.begin("dongfeng", batch, &DONGFENG, None).await?;
    april.send("dongfeng", id).await?;
    returned(company, batch).await?;
    let id = late.begin("xinghu", batch, &XINGHU, Some("projects")).await?;
    let clerk = late.actor("xinghu_clerk").await?;
    declare::withdraw(&Deed::new(&late.app, &clerk), id, "投资协议尚未签订，下一批次再申报。").await
}

async fn reported_and_received(company: &Company, batch: BatchId) -> Result<()> {
    let march = company.on("2018-03-20")?;
    let april = company.on("2018-04-10")?;
    let mut order = Vec::new();
    for (place, profile, number) in
        [("lushui", &LUSHUI, "庐府字〔2018〕7号"), ("yunling", &YUNLING, "庐府字〔2018〕8号")]
    {
        let id = march.begin(place, batch, profile, None).await?;
        march.send(place, id).await?;
        april.county("lushan", id, number).await?;
        april.sign_all(JJ.0, id).await?;
        order.push(id);
    }
    let sent = company.on("2018-04-19")?;
    sent.report(JJ, batch, "九府字〔2018〕37号", &order).await?;
    let office = sent.actor("office").await?;
    declare::receive(&Deed::new(&sent.app, &office), order[0], "材料齐全，予以受理。").await
}

/// One signed by a bureau of three, one signed by all and waiting for the city's report.
async fn before_the_bureaus(company: &Company, batch: BatchId) -> Result<()> {
    let april = company.on("2018-04-11")?;
    let later = company.on("2018-04-18")?;
    let taolin = april.begin("taolin", batch, &TAOLIN, None).await?;
    april.send("taolin", taolin).await?;
    later.county("fuliang", taolin, "浮府字〔2018〕14号").await?;
    later.sign("jdz_development", taolin).await?;
    let wucun = april.begin("wucun", batch, &WUCUN, None).await?;
    april.send("wucun", wucun).await?;
    later.county("leping", wucun, "乐府字〔2018〕18号").await?;
    later.sign_all(JDZ.0, wucun).await
}

async fn returned(company: &Company, batch: BatchId) -> Result<()> {
    let april: OnDay<'_> = company.on("2018-04-20")?;
    let id = april.begin("lejiang", batch, &LEJIANG, None).await?;
    april.send("lejiang", id).await?;
    let back = company.on("2018-04-24")?;
    let faults =
        [("403", "产值与统计年报不一致，请与县统计局核对后更正。"), ("811", "未写明河道保护范围，请补充。")];
    back.return_it("leping_reviewer", id, &faults).await
}

async fn call(
    company: &Company,
    programme: ProgrammeId,
    ordinal: i64,
    (on, number): (&str, &str),
) -> Result<BatchId> {
    let stage = company.on(on)?;
    let office = stage.actor("office").await?;
    let year = i64::from(day(on)?.year());
    let target = if ordinal == 1 { 44 } else { 16 };
    let draft = BatchDraft {
        programme,
        ordinal,
        year,
        title: format!("{year}年第{}批特色小镇申报", if ordinal == 1 { "一" } else { "二" }),
        target_count: target,
        opens: day(on)?,
        closes: day(&format!("{year}-04-30"))?,
        list_by: day(&format!("{year}-06-30"))?,
        slip: Slip { reason: String::new(), authority: String::new() },
        town_form: "declaration-statutory-town".to_owned(),
        platform_form: "declaration-platform".to_owned(),
    };
    let id = batches::open(&Deed::new(&stage.app, &office), &draft).await?;
    let approver = stage.actor("office_approver").await?;
    batches::call(&Deed::new(&stage.app, &approver), id, number, None).await?;
    Ok(id)
}

fn day(text: &str) -> Result<Day> {
    text.parse().map_err(Error::internal)
}
