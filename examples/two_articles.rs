//! What two articles share, and what repeats inside one.

fn main() -> doublon::Result<()> {
    let agency = include_str!("news/port-strike-agency.txt");
    let daily = include_str!("news/port-strike-daily.txt");

    let pair = doublon::compare(agency, daily)?;
    let counts = pair.similarity();
    println!("jaccard {:.2}, coverage {:.2}", counts.jaccard(), counts.coverage());
    for passage in pair.passages() {
        // The passage is a chain of runs: what stands between two of them was edited.
        for (i, run) in passage.runs().iter().enumerate() {
            if i > 0 {
                let before = passage.runs()[i - 1];
                let edited = |text: &'static str, from: usize, to: usize| text[from..to].trim();
                println!("  - {}", edited(agency, before.a().end(), run.a().start()));
                println!("  + {}", edited(daily, before.b().end(), run.b().start()));
            }
            println!("{}", &agency[run.a()]);
        }
    }

    let flood = include_str!("news/flood-doubled-lead.txt");
    for repeat in doublon::repeats(flood)? {
        let first = repeat.spans()[0];
        println!("\nstands {} times:\n{}", repeat.spans().len(), &flood[first]);
    }
    Ok(())
}
